//! Everything that a diagnosis is about: the delivery, the secrets, and the schemes that it is checked with.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::{PRESETS, Preset};
use countersign_core::{Code, Delivery, Keyring, Scheme, SecretError, Tolerance, UnixTime, VerifyError, Webhook};

use crate::body::candidate::Told;
use crate::finding::Finding;
use crate::json::read::{Read, read};
use crate::limits::Limits;
use crate::options::DiagnoseOptions;
use crate::rank::by_rank;
use crate::replaced_time::times_in;
use crate::report::cause::CauseCode;
use crate::report::diagnosis::Verdict;
use crate::report::facts::facts;
use crate::report::frameworks::Framework;

/// Everything that a diagnosis is about.
pub(crate) struct Case<'c> {
    /// The provider's name; that of a scheme of one's own, or `custom`.
    pub(crate) provider: Cow<'static, str>,
    pub(crate) preset: Option<&'static Preset>,
    /// The ways of signing that count.
    pub(crate) schemes: Vec<Scheme>,
    pub(crate) secrets: Keyring,
    pub(crate) delivery: &'c Delivery<'c>,
    pub(crate) now: UnixTime,
    pub(crate) framework: Option<Framework>,
    pub(crate) limits: Limits,
    /// Whether the beginning and the end of the signed content may be shown.
    pub(crate) preview: bool,
}

/// What verifying the delivery says, with its errors.
pub(crate) enum Outcome {
    Valid,
    BadScheme(&'static str),
    BadSecret(SecretError),
    Refused(VerifyError),
}

impl Outcome {
    pub(crate) const fn verdict(&self) -> Verdict {
        match self {
            Self::Valid => Verdict::Valid,
            Self::BadScheme(_) => Verdict::SchemeInvalid,
            Self::BadSecret(error) => Verdict::Refused(error.code()),
            Self::Refused(error) => Verdict::Refused(error.code()),
        }
    }
}

impl<'c> Case<'c> {
    pub(crate) fn new(
        provider: Cow<'static, str>,
        preset: Option<&'static Preset>,
        mut schemes: Vec<Scheme>,
        secrets: Keyring,
        delivery: &'c Delivery<'c>,
        now: UnixTime,
        options: &DiagnoseOptions,
    ) -> Self {
        if let Some(tolerance) = options.tolerance {
            for scheme in &mut schemes {
                scheme.tolerance = tolerance;
            }
        }
        let limits = Limits::of(options.effort, delivery.body().len());
        let DiagnoseOptions { framework, preview, .. } = *options;
        Self { provider, preset, schemes, secrets, delivery, now, framework, limits, preview }
    }

    /// How keys begin that this provider shows, and that are not its signing secret.
    pub(crate) fn wrong_kinds(&self) -> Vec<&'static str> {
        self.preset.map(|preset| preset.wrong_kinds.iter().map(|(start, _)| *start).collect()).unwrap_or_default()
    }

    /// Verifies the delivery, as a webhook with these secrets does.
    pub(crate) fn outcome(&self) -> Outcome {
        let check = if self.preset.is_some() { Scheme::check } else { Scheme::check_own };
        if let Some(error) = self.schemes.iter().find_map(|scheme| check(scheme).err()) {
            return Outcome::BadScheme(error.sentence());
        }
        match Webhook::new(self.schemes.clone(), &self.secrets, &self.wrong_kinds()) {
            Err(error) => {
                Outcome::BadSecret(error.of_provider(self.preset.map(|preset| preset.wrong_kinds).unwrap_or_default()))
            }
            Ok(webhook) => match webhook.check(self.delivery, self.now) {
                Ok(_) => Outcome::Valid,
                Err(error) => Outcome::Refused(error),
            },
        }
    }

    /// The scheme whose refusal is explained: of those whose signature header is there, the first that refuses.
    pub(crate) fn scheme(&self) -> Option<&Scheme> {
        let present = |scheme: &&Scheme| self.delivery.values(&scheme.signature.header).next().is_some();
        let refuses = |scheme: &&Scheme| {
            Webhook::new(alloc::vec![(*scheme).clone()], &self.secrets, &self.wrong_kinds())
                .is_ok_and(|webhook| webhook.check(self.delivery, self.now).is_err())
        };
        let present: Vec<&Scheme> = self.schemes.iter().filter(present).collect();
        present.iter().copied().find(refuses).or_else(|| present.first().copied()).or_else(|| self.schemes.first())
    }

    /// The name of the secret that signed the delivery, however old the delivery is.
    pub(crate) fn matching_key(&self, scheme: &Scheme) -> Option<String> {
        let timeless = scheme.clone().tolerance(Tolerance::new(None, None));
        let webhook = Webhook::new(alloc::vec![timeless], &self.secrets, &self.wrong_kinds()).ok()?;
        let proof = webhook.check(self.delivery, self.now).ok()?;
        self.secrets.secrets().get(proof.key).map(|secret| secret.name().as_ref().into())
    }

    /// What the headers say about the body.
    pub(crate) fn told(&self) -> Told {
        let has = |header: &str, word: &str| {
            self.delivery
                .values(header)
                .any(|value| value.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes())))
        };
        Told {
            is_form: has("content-type", "x-www-form-urlencoded"),
            is_deflate: has("content-encoding", "deflate"),
            length: self.content_length(),
        }
    }

    /// How long the body was on the wire, where `Content-Length` says it.
    pub(crate) fn content_length(&self) -> Option<usize> {
        core::str::from_utf8(self.delivery.values("content-length").next()?).ok()?.trim().parse().ok()
    }

    /// The times that the top fields of a JSON body say.
    pub(crate) fn body_times(&self) -> Vec<UnixTime> {
        let Read::Complete(document) = read(self.delivery.body(), self.limits) else {
            return Vec::new();
        };
        let names = ["timestamp", "created", "created_at", "occurred_at", "time", "sent_at", "date"];
        let fields = names.iter().filter_map(|name| document.field(name)).map(|part| document.text(part).to_vec());
        times_in(fields)
    }

    /// Other providers whose signature header is there, unless they sign as this scheme does. Those come first whose
    /// header has the right form.
    pub(crate) fn other_providers(&self, scheme: &Scheme) -> Vec<(&'static Preset, Scheme)> {
        let ours = self.preset.map_or("", |preset| preset.name);
        let others = PRESETS.iter().filter(|preset| preset.name != ours && preset.detectable).flat_map(|preset| {
            preset.dialects.iter().filter(|dialect| dialect.auto).map(|dialect| (*preset, dialect.scheme()))
        });
        let mut found: Vec<(&'static Preset, Scheme)> = Vec::new();
        for (preset, other) in others {
            let same = |known: &Scheme| {
                known.signature.header == other.signature.header
                    && known.signed == other.signed
                    && known.signature.prefix == other.signature.prefix
            };
            let present = self.delivery.values(&other.signature.header).next().is_some();
            if present && !same(scheme) && !found.iter().any(|(_, known)| same(known)) {
                found.push((preset, other));
            }
        }
        let rank = |other: &Scheme| match self.refusal(other) {
            Some(None | Some(Code::TimestampTooOld | Code::TimestampTooNew)) => 0,
            Some(Some(Code::SignatureMismatch)) => 1,
            _ => 2,
        };
        by_rank(found.into_iter().map(|(preset, other)| (rank(&other), (preset, other))).collect())
    }

    /// What a scheme says about the delivery with these secrets; `None` where they are no keys for it.
    fn refusal(&self, scheme: &Scheme) -> Option<Option<Code>> {
        let webhook = Webhook::new(alloc::vec![scheme.clone()], &self.secrets, &[]).ok()?;
        Some(webhook.check(self.delivery, self.now).err().map(|error| error.code()))
    }

    /// Whether the signature is right for this scheme, however old the delivery is.
    pub(crate) fn verifies(&self, scheme: &Scheme) -> bool {
        matches!(self.refusal(scheme), Some(None | Some(Code::TimestampTooOld | Code::TimestampTooNew)))
    }
}

/// The mistake that the delivery is verified for another provider than the one that sent it.
pub(crate) fn other_provider(preset: &Preset, verified: bool) -> Finding {
    Finding::new(CauseCode::HeaderOtherSender, facts! { "sender": preset.name, "verified": verified })
}

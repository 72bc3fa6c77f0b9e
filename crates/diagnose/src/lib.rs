//! Why a delivery does not verify: undo one known mistake, verify again; what passes is the cause.
//!
//! Rules: it proves, or is certain by the form alone, or says that it does not know; it is never a reason to accept a
//! delivery; it never fails, and what it returns is safe to log.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod body;
mod choices;
mod clock;
mod content;
mod document;
mod facts;
mod fixes;
mod headers;
mod infer;
mod numbers;
mod orders;
mod reformat;
mod report;
mod search;
mod secret;
mod senders;
mod steps;
mod styles;

use alloc::string::String;
use alloc::vec::Vec;

use countersign_core::internal::{CUSTOM, PRESETS, Preset};
use countersign_core::{
    Code, Delivery, Keyring, Provider, Scheme, SecretError, Tolerance, UnixTime, VerifyError, Webhook,
};

pub use facts::{Fact, Facts};
pub use fixes::Framework;
pub use report::{Cause, CauseCode, Diagnosis, Step};

use crate::body::Told;
use crate::content::Said;
use crate::document::Read;
use crate::facts::facts;
use crate::headers::Values;
use crate::report::{Finding, Secrets, by_rank, put_before};
use crate::search::{BUDGET, LEAST_FACTOR, Search, Solved};

/// What else is known when a delivery is explained.
#[derive(Clone, Debug, Default)]
pub struct Diagnosing {
    /// The framework that received the delivery, for the code in the fix.
    pub framework: Option<Framework>,
    /// The dialect that the webhook is pinned to, or a variation of one.
    pub pinned: Option<Scheme>,
    /// The freshness window, where it is not the sender's.
    pub tolerance: Option<Tolerance>,
}

/// Who sent the delivery, as far as that is known: a provider, or a scheme of your own.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Subject<'a> {
    /// A known provider.
    Provider(Provider),
    /// A provider described as data.
    Scheme(&'a Scheme),
}

impl From<Provider> for Subject<'_> {
    fn from(provider: Provider) -> Self {
        Self::Provider(provider)
    }
}

impl<'a> From<&'a Scheme> for Subject<'a> {
    fn from(scheme: &'a Scheme) -> Self {
        Self::Scheme(scheme)
    }
}

/// Explains what verifying a delivery says. Secrets are taken as text, since a bad secret is a cause itself.
///
/// ```
/// use countersign::diagnose::{Diagnosing, diagnose};
/// use countersign::{Delivery, Provider, UnixTime};
/// let headers = [("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")];
/// let delivery = Delivery::new(&headers, "Hello, World!\n");
/// let now = UnixTime::from_secs(1_767_225_600);
/// let why = diagnose(Provider::GITHUB, "It's a Secret to Everybody", &delivery, now, &Diagnosing::default());
/// assert_eq!(why.code, "signature_mismatch");
/// assert_eq!(why.causes[0].code.as_str(), "body_newline_added");
/// ```
#[must_use]
pub fn diagnose<'a>(
    subject: impl Into<Subject<'a>>,
    secrets: impl Into<Keyring>,
    delivery: &Delivery<'_>,
    now: UnixTime,
    known: &Diagnosing,
) -> Diagnosis {
    match subject.into() {
        Subject::Provider(provider) => diagnose_preset(provider.preset(), secrets.into(), delivery, now, known),
        Subject::Scheme(scheme) => {
            Case::new(CUSTOM, None, alloc::vec![scheme.clone()], secrets.into(), delivery, now, known).diagnose()
        }
    }
}

/// The same for a preset: whoever goes by these does not carry every provider's event names along.
#[doc(hidden)]
#[must_use]
pub fn diagnose_preset(
    preset: &'static Preset,
    secrets: Keyring,
    delivery: &Delivery<'_>,
    now: UnixTime,
    known: &Diagnosing,
) -> Diagnosis {
    let schemes = match &known.pinned {
        Some(scheme) => alloc::vec![scheme.clone()],
        None => preset.dialects.iter().filter(|dialect| dialect.auto).map(|dialect| dialect.scheme()).collect(),
    };
    Case::new(preset.name, Some(preset), schemes, secrets, delivery, now, known).diagnose()
}

/// Everything that a diagnosis is about.
struct Case<'c> {
    provider: &'static str,
    preset: Option<&'static Preset>,
    schemes: Vec<Scheme>,
    secrets: Keyring,
    delivery: &'c Delivery<'c>,
    now: UnixTime,
    framework: Option<Framework>,
}

/// What verifying says.
enum Verdict {
    Valid,
    BadScheme(&'static str),
    BadSecret(SecretError),
    Refused(VerifyError),
}

impl<'c> Case<'c> {
    fn new(
        provider: &'static str,
        preset: Option<&'static Preset>,
        mut schemes: Vec<Scheme>,
        secrets: Keyring,
        delivery: &'c Delivery<'c>,
        now: UnixTime,
        known: &Diagnosing,
    ) -> Self {
        if let Some(tolerance) = known.tolerance {
            for scheme in &mut schemes {
                scheme.tolerance = tolerance;
            }
        }
        Self { provider, preset, schemes, secrets, delivery, now, framework: known.framework }
    }

    fn wrong_kinds(&self) -> Vec<&'static str> {
        self.preset.map(|preset| preset.wrong_kinds.iter().map(|(start, _)| *start).collect()).unwrap_or_default()
    }

    fn verdict(&self) -> Verdict {
        if let Some(error) = self.schemes.iter().find_map(|scheme| scheme.check().err()) {
            return Verdict::BadScheme(error.sentence());
        }
        match Webhook::new(self.schemes.clone(), &self.secrets, &self.wrong_kinds()) {
            Err(error) => {
                Verdict::BadSecret(error.of_provider(self.preset.map(|preset| preset.wrong_kinds).unwrap_or_default()))
            }
            Ok(webhook) => match webhook.check(self.delivery, self.now) {
                Ok(_) => Verdict::Valid,
                Err(error) => Verdict::Refused(error),
            },
        }
    }

    /// The scheme whose refusal is explained: of those whose header is there, the first that refuses.
    fn scheme(&self) -> Option<&Scheme> {
        let present = |scheme: &&Scheme| self.delivery.values(&scheme.signature.header).next().is_some();
        let refuses = |scheme: &&Scheme| {
            Webhook::new(alloc::vec![(*scheme).clone()], &self.secrets, &self.wrong_kinds())
                .is_ok_and(|webhook| webhook.check(self.delivery, self.now).is_err())
        };
        let present: Vec<&Scheme> = self.schemes.iter().filter(present).collect();
        present.iter().copied().find(refuses).or_else(|| present.first().copied()).or_else(|| self.schemes.first())
    }

    /// The name of the key that signed, freshness aside.
    fn matching_key(&self, scheme: &Scheme) -> Option<String> {
        let timeless = scheme.clone().tolerance(Tolerance::new(None, None));
        let webhook = Webhook::new(alloc::vec![timeless], &self.secrets, &self.wrong_kinds()).ok()?;
        let proof = webhook.check(self.delivery, self.now).ok()?;
        self.secrets.secrets().get(proof.key).map(|secret| secret.name().as_ref().into())
    }

    fn diagnose(self) -> Diagnosis {
        let verdict = self.verdict();
        let hidden = Secrets::new(&self.schemes, self.secrets.secrets(), self.delivery);
        let code = match &verdict {
            Verdict::Valid => "valid",
            Verdict::BadScheme(_) => "scheme_invalid",
            Verdict::BadSecret(error) => error.code().as_str(),
            Verdict::Refused(error) => error.code().as_str(),
        };
        let mut diagnosis = Diagnosis {
            provider: self.provider,
            code,
            summary: String::new(),
            steps: Vec::new(),
            causes: Vec::new(),
            ruled_out: Vec::new(),
            complete: true,
            work: 0,
        };
        let Some(scheme) = self.scheme() else {
            return diagnosis;
        };
        if let Verdict::BadScheme(sentence) = &verdict {
            diagnosis.summary = ["The scheme contradicts itself: ", sentence].concat();
            return diagnosis;
        }
        let mut solved = None;
        if !matches!(verdict, Verdict::Valid) {
            let mut work = Work { left: self.budget(), complete: true, orders: true };
            let budget = work.left;
            solved = self.solve(scheme, &verdict, &mut work);
            diagnosis.work = budget - work.left;
            diagnosis.complete = work.complete || solved.is_some();
            self.name_causes(scheme, &verdict, solved.as_ref(), work.orders, &mut diagnosis);
        }
        diagnosis.steps = steps::steps(&self, scheme, &verdict, solved.as_ref(), &hidden);
        diagnosis.summary = summary(&verdict, &diagnosis);
        diagnosis
    }

    fn budget(&self) -> usize {
        BUDGET.max(self.delivery.body().len().saturating_mul(LEAST_FACTOR))
    }

    /// The mistakes whose undoing makes the signature right.
    fn solve(&self, scheme: &Scheme, verdict: &Verdict, work: &mut Work) -> Option<Solved> {
        if let Verdict::Refused(error) = verdict
            && matches!(error.code(), Code::TimestampTooOld | Code::TimestampTooNew)
        {
            let finding = clock::finding(scheme, self.delivery, error.signed_at()?, self.now)?;
            return Some(Solved { key: "".into(), time: error.signed_at(), findings: alloc::vec![finding] });
        }
        let others = self.other_senders(scheme);
        let own_header = self.delivery.values(&scheme.signature.header).next().is_some();
        // Where it is another sender's as it is, or our own header is missing, that is the most probable cause; else the
        // least.
        for (preset, other) in others.iter().filter(|(_, other)| !own_header || self.verifies(other)) {
            if let Some(solved) = self.search(other, Some(preset), &[other_sender(preset, true)], work) {
                return Some(solved);
            }
        }
        for dialect in self.preset.iter().flat_map(|preset| preset.dialects).filter(|_| !own_header) {
            let other = dialect.scheme();
            let header = &other.signature.header;
            if self.delivery.values(header).next().is_some() {
                let evidence = facts! {
                    "header": scheme.signature.header.as_ref(), "found_as": header.as_ref(), "dialect": dialect.name,
                };
                let base = [Finding::new(CauseCode::HeaderMissing, evidence)];
                if let Some(solved) = self.search(&other, self.preset, &base, work) {
                    return Some(solved);
                }
            }
        }
        if let Some(solved) = self.search(scheme, self.preset, &[], work) {
            return Some(solved);
        }
        if own_header {
            for (preset, other) in &others {
                let mut few = Work { left: work.left.min(BUDGET / 8), complete: true, orders: true };
                let before = few.left;
                let solved = self.search(other, Some(preset), &[other_sender(preset, true)], &mut few);
                work.left -= before - few.left;
                if solved.is_some() {
                    return solved;
                }
            }
        }
        None
    }

    fn search(
        &self,
        scheme: &Scheme,
        preset: Option<&'static Preset>,
        base: &[Finding],
        work: &mut Work,
    ) -> Option<Solved> {
        let wrong_kinds: Vec<&str> =
            preset.map(|preset| preset.wrong_kinds.iter().map(|(start, _)| *start).collect()).unwrap_or_default();
        let keys = secret::candidates(scheme, self.secrets.secrets(), &wrong_kinds, self.now);
        let dialects: Vec<(&str, Scheme)> = preset
            .map(|preset| preset.dialects.iter().map(|dialect| (dialect.name, dialect.scheme())).collect())
            .unwrap_or_default();
        let signatures = Values::of(self.delivery, &scheme.signature.header);
        let strict = Webhook::new(alloc::vec![scheme.clone()], &self.secrets, &wrong_kinds)
            .ok()
            .and_then(|webhook| webhook.check(self.delivery, self.now).err())
            .filter(|error| error.header_name() == Some(&scheme.signature.header))
            .map(|error| error.code());
        let mut forms = headers::forms(scheme, &signatures, strict);
        if !base.is_empty() {
            // Another sender's headers, and broken as well: that would be a guess.
            forms.retain(|form| form.findings.is_empty());
        }
        if forms.is_empty() || keys.is_empty() {
            return None;
        }
        let said = Said::read(scheme, self.delivery, &signatures);
        let mut contents = content::candidates(scheme, &said, self.delivery, &dialects);
        if !base.is_empty() {
            contents.retain(|content| content.first);
        }
        let near = || content::near(scheme, &said, self.delivery, &self.body_times(), self.now);
        let habits = senders::habits(preset.map_or(CUSTOM, |preset| preset.name));
        let mut search = Search::new(&keys, &contents, &forms, self.told(), habits, work.left);
        let found = search.run(self.delivery.body(), &near);
        work.left = search.left;
        work.complete &= !search.cut_short;
        work.orders &= !search.orders_untried;
        let mut solved = found?;
        put_before(&mut solved.findings, base);
        // An unsigned timestamp that nobody can read is a mistake of its own; and time is judged last.
        if !scheme.signs_timestamp() {
            let unsigned = said.timestamps.first();
            solved.time = unsigned.and_then(|text| text.time);
            solved.findings.extend(unsigned.iter().flat_map(|text| text.findings.iter().cloned()));
        }
        if let Some(time) = solved.time {
            solved.findings.extend(clock::finding(scheme, self.delivery, time, self.now));
        }
        let mut seen = Vec::new();
        solved.findings.retain(|finding| {
            let new = !seen.contains(&finding.code);
            seen.push(finding.code);
            new
        });
        Some(solved)
    }

    fn told(&self) -> Told {
        let has = |header: &str, word: &str| {
            self.delivery
                .values(header)
                .any(|value| value.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes())))
        };
        Told {
            is_form: has("content-type", "x-www-form-urlencoded"),
            is_deflate: has("content-encoding", "deflate"),
            length: infer::content_length(self),
        }
    }

    fn body_times(&self) -> Vec<UnixTime> {
        let Read::Complete(document) = document::read(self.delivery.body()) else {
            return Vec::new();
        };
        let names = ["timestamp", "created", "created_at", "occurred_at", "time", "sent_at", "date"];
        let fields = names.iter().filter_map(|name| document.field(name)).map(|part| document.text(part).to_vec());
        content::times_in(fields)
    }

    /// Other senders whose signature header is there, unless they sign in the same way.
    fn other_senders(&self, scheme: &Scheme) -> Vec<(&'static Preset, Scheme)> {
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
        // Those whose form it has come first.
        let rank = |other: &Scheme| match self.refusal(other) {
            Some(None | Some(Code::TimestampTooOld | Code::TimestampTooNew)) => 0,
            Some(Some(Code::SignatureMismatch)) => 1,
            _ => 2,
        };
        by_rank(found.into_iter().map(|(preset, other)| (rank(&other), (preset, other))).collect())
    }

    /// What a scheme says about the delivery with these secrets; `None` where they make no key for it.
    fn refusal(&self, scheme: &Scheme) -> Option<Option<Code>> {
        let webhook = Webhook::new(alloc::vec![scheme.clone()], &self.secrets, &[]).ok()?;
        Some(webhook.check(self.delivery, self.now).err().map(|error| error.code()))
    }

    fn verifies(&self, scheme: &Scheme) -> bool {
        matches!(self.refusal(scheme), Some(None | Some(Code::TimestampTooOld | Code::TimestampTooNew)))
    }

    fn name_causes(
        &self,
        scheme: &Scheme,
        verdict: &Verdict,
        solved: Option<&Solved>,
        orders: bool,
        diagnosis: &mut Diagnosis,
    ) {
        let proven = solved.is_some();
        let findings = match solved {
            Some(solved) => solved.findings.clone(),
            None => infer::certain(self, scheme, verdict),
        };
        diagnosis.causes = findings.into_iter().map(|finding| finding.cause(proven, self.framework)).collect();
        let named = |code: &CauseCode| diagnosis.causes.iter().any(|cause| cause.code == *code);
        if !named(&CauseCode::ClockSkew) || diagnosis.causes.len() > 1 {
            let mut open = infer::open(self, scheme, diagnosis.complete);
            if !orders {
                open.push(CauseCode::BodyReserialized);
            }
            diagnosis.ruled_out =
                CauseCode::ALL.iter().copied().filter(|code| !named(code) && !open.contains(code)).collect();
        }
    }
}

/// What is left of the budget.
struct Work {
    left: usize,
    complete: bool,
    /// Whether every order of keys was tried.
    orders: bool,
}

fn other_sender(preset: &Preset, verified: bool) -> Finding {
    Finding::new(CauseCode::HeaderOtherSender, facts! { "sender": preset.name, "verified": verified })
}

fn summary(verdict: &Verdict, diagnosis: &Diagnosis) -> String {
    let sentence = match verdict {
        Verdict::Valid => return "The delivery is authentic and fresh.".into(),
        Verdict::BadScheme(sentence) => return (*sentence).into(),
        Verdict::BadSecret(error) => error.code().sentence(),
        Verdict::Refused(error) => error.code().sentence(),
    };
    match diagnosis.causes.as_slice() {
        [] => [
            sentence,
            " The cause is unknown: nothing in the table undoes it. Then the secret is another endpoint's, or the content was changed.",
        ]
        .concat(),
        [cause] => cause.message.into(),
        several => {
            let messages: Vec<&str> = several.iter().map(|cause| cause.message).collect();
            ["Several mistakes at once. ", &messages.join(" ")].concat()
        }
    }
}

//! The search: candidates in order of their number of mistakes, one MAC each, under a fixed budget.
//!
//! Rules: what matches is proven by the MAC alone; the first that matches is the cause; work is counted in bytes, never
//! in time, so that the same delivery always gives the same answer.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::body::{self, Body, Told};
use super::content::Content;
use super::facts::{Facts, facts};
use super::headers::Form;
use super::numbers::{self, Replaced};
use super::reformat::{self, Document, KEEP, Kind, Order, Read, SPACINGS, Spacing, Strings, Style};
use super::report::{CauseCode, Finding, by_rank, in_turn};
use super::secret::Candidate;
use super::senders::Habits;
use crate::crypto::{Algorithm, Running};
use crate::time::UnixTime;

/// Bytes that may be formatted and hashed for one diagnosis of a body up to 1 MiB; about 20 ms.
pub(super) const BUDGET: usize = 12 << 20;

/// Larger bodies get so many times their size.
pub(super) const BUDGET_FACTOR: usize = 12;

/// What a MAC costs beside its bytes: two blocks to begin, two to end.
const MAC_COST: usize = 256;

/// What an Ed25519 verification costs beside its bytes.
const ED25519_COST: usize = 1 << 16;

/// Passes over a body that looking for its mistakes takes.
const UNDO_COST: usize = 8;

/// White space at the end that is tried with every candidate, after its own.
const ENDS: &[&str] = &["", "\n", "\r\n", " ", "\n\n", "\t", "  ", "\r\n\r\n", "\r", " \n"];
/// The same for candidates that are many.
const FEW_ENDS: &[&str] = &["", "\n"];

/// Everything that the search combines.
pub(super) struct Search<'s> {
    pub(super) keys: &'s [Candidate],
    pub(super) contents: &'s [Content],
    pub(super) forms: &'s [Form],
    pub(super) told: Told,
    pub(super) habits: Habits,
    pub(super) left: usize,
    /// Whether something was left untried.
    pub(super) cut_short: bool,
    /// Whether keys may have been in an order that was not tried.
    pub(super) orders_untried: bool,
    /// The end of the current stage's share, counted in `left`.
    reserve: usize,
}

/// What made the signature right.
pub(super) struct Solved {
    pub(super) key: Cow<'static, str>,
    pub(super) time: Option<UnixTime>,
    pub(super) findings: Vec<Finding>,
}

/// A match: which form, and with which white space at the end.
struct Hit {
    form: usize,
    end: Vec<u8>,
}

type Pair = (usize, usize);

impl<'s> Search<'s> {
    pub(super) const fn new(
        keys: &'s [Candidate],
        contents: &'s [Content],
        forms: &'s [Form],
        told: Told,
        habits: Habits,
        left: usize,
    ) -> Self {
        Self { keys, contents, forms, told, habits, left, cut_short: false, orders_untried: false, reserve: 0 }
    }

    fn charge(&mut self, cost: usize) -> bool {
        let affordable = self.left.checked_sub(cost).filter(|left| *left >= self.reserve);
        match affordable {
            Some(left) => self.left = left,
            None => self.cut_short = true,
        }
        affordable.is_some()
    }

    /// Gives a stage this share of what is left, in percent.
    fn share<T>(&mut self, percent: usize, stage: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.reserve = self.left - self.left / 100 * percent;
        let found = stage(self);
        self.reserve = 0;
        found
    }

    pub(super) fn run(&mut self, held: &[u8], near: &[Content]) -> Option<Solved> {
        let firsts =
            |first: &dyn Fn(usize) -> bool, count: usize| (0..count).partition::<Vec<usize>, _>(|at| first(*at));
        let (keys, other_keys) = firsts(&|at| self.keys.get(at).is_some_and(|key| key.first), self.keys.len());
        let (contents, other_contents) =
            firsts(&|at| self.contents.get(at).is_some_and(|content| content.first), self.contents.len());
        let cross = |keys: &[usize], contents: &[usize]| -> Vec<Pair> {
            contents.iter().flat_map(|content| keys.iter().map(move |key| (*key, *content))).collect()
        };
        let base = cross(&keys, &contents);
        let single = [cross(&keys, &other_contents), cross(&other_keys, &contents)].concat();
        let double = cross(&other_keys, &other_contents);

        let identity = Body::held(held);
        let mut ends: Vec<Vec<u8>> = ENDS.iter().map(|end| Vec::from(*end)).collect();
        if let Read::Incomplete(Some(closers)) = reformat::read(held) {
            ends.extend(["", "\n"].map(|end| {
                [held.get(held.trim_ascii_end().len()..).unwrap_or_default(), &closers, end.as_bytes()].concat()
            }));
        }
        let undone = body::undo(held, self.told);
        let document = match reformat::read(held) {
            Read::Complete(document) => Some(document),
            _ => None,
        };

        // One mistake.
        let untouched = core::slice::from_ref(&identity);
        self.bodies(&base, untouched, &ends)
            .or_else(|| self.bodies(&single, untouched, &ends))
            .or_else(|| self.bodies(&base, &undone, &ends))
            .or_else(|| self.share(50, |search| search.restyled(&base, document.as_ref(), &[])))
            // One in the body that many texts may have been.
            .or_else(|| self.share(40, |search| search.rewritten(&base, document.as_ref(), &[])))
            // Two in the body.
            .or_else(|| self.share(40, |search| undone.iter().find_map(|outer| search.inside(&base, outer))))
            // Two, in different places.
            .or_else(|| self.share(60, |search| search.bodies(&double, untouched, &ends)))
            .or_else(|| self.share(60, |search| search.bodies(&single, &undone, &ends)))
            .or_else(|| self.share(60, |search| search.restyled(&single, document.as_ref(), &[])))
            .or_else(|| self.share(40, |search| search.rewritten(&single, document.as_ref(), &[])))
            .or_else(|| self.share(50, |search| search.times(&keys, &identity, near)))
            .or_else(|| self.share(50, |search| search.lost_bytes(&base, held)))
            // More.
            .or_else(|| self.share(50, |search| undone.iter().find_map(|outer| search.inside(&single, outer))))
            .or_else(|| self.bodies(&double, &undone, &[]))
    }

    fn bodies(&mut self, pairs: &[Pair], bodies: &[Body<'_>], ends: &[Vec<u8>]) -> Option<Solved> {
        bodies.iter().find_map(|body| self.body(pairs, body, ends))
    }

    /// One body with every pair of key and content.
    fn body(&mut self, pairs: &[Pair], body: &Body<'_>, ends: &[Vec<u8>]) -> Option<Solved> {
        pairs.iter().find_map(|(key, content)| {
            let (key, content) = (self.keys.get(*key)?, self.contents.get(*content)?);
            self.attempt(key, content, body, ends)
        })
    }

    fn attempt(&mut self, key: &Candidate, content: &Content, body: &Body<'_>, ends: &[Vec<u8>]) -> Option<Solved> {
        let hit = self.mac(key, content, body, ends)?;
        let form = self.forms.get(hit.form)?;
        let mut findings = [&key.findings[..], &form.findings, &body.findings].concat();
        let own = body.bytes.get(body.bytes.trim_ascii_end().len()..).unwrap_or_default();
        if body.exact_end {
            findings.extend(end_finding(own, &hit.end));
        }
        findings.extend(content.findings.iter().cloned());
        Some(Solved { key: key.name.clone(), time: content.time, findings: merged(findings) })
    }

    fn mac(&mut self, key: &Candidate, content: &Content, body: &Body<'_>, ends: &[Vec<u8>]) -> Option<Hit> {
        let algorithm = key.key.algorithm();
        if !self.forms.iter().any(|form| form.algorithm == algorithm) {
            return None;
        }
        let bytes = &*body.bytes;
        let trimmed = bytes.trim_ascii_end();
        let own = bytes.get(trimmed.len()..).unwrap_or_default();
        let whole = content.before.len() + bytes.len() + content.after.len();
        if algorithm == Algorithm::Ed25519 {
            for end in core::iter::once(own).chain(ends.iter().take(FEW_ENDS.len()).map(Vec::as_slice)) {
                if !self.charge(whole + ED25519_COST) {
                    return None;
                }
                let parts = [&content.before, trimmed, end, &content.after];
                let matching = self.forms.iter().position(|form| {
                    form.algorithm == algorithm
                        && form.whole().is_some_and(|signature| key.key.verify_any(&parts, &[signature]))
                });
                if let Some(form) = matching {
                    return Some(Hit { form, end: end.into() });
                }
            }
            return None;
        }
        if !self.charge(whole + MAC_COST) {
            return None;
        }
        let mut running = Running::new(&key.key)?;
        running.update(&content.before);
        running.update(trimmed);
        // With something after the body, each end costs a whole MAC's tail only; still the beginning is hashed once.
        for (position, end) in core::iter::once(own).chain(ends.iter().map(Vec::as_slice)).enumerate() {
            if position > 0 && (end == own || !self.charge(MAC_COST + content.after.len())) {
                continue;
            }
            let mut this = running.clone();
            this.update(end);
            this.update(&content.after);
            let mac = this.finish();
            if let Some(form) = self.forms.iter().position(|form| form.algorithm == algorithm && form.matches(&mac)) {
                return Some(Hit { form, end: end.into() });
            }
        }
        None
    }

    /// A body with one mistake undone may have a second one inside.
    fn inside(&mut self, pairs: &[Pair], outer: &Body<'_>) -> Option<Solved> {
        if !outer.opens() || !self.charge(outer.bytes.len() * UNDO_COST) {
            return None;
        }
        let code = outer.findings.first().map(|finding| finding.code);
        let mut inner = body::undo(&outer.bytes, self.told);
        inner.retain(|body| {
            let other = body.findings.first().map(|finding| finding.code);
            let opposite = (code, other) == (Some(CauseCode::BodyBomAdded), Some(CauseCode::BodyBomLost));
            !opposite && (other != code || is_nested(code))
        });
        for body in &mut inner {
            body.findings.splice(0..0, outer.findings.iter().cloned());
        }
        let ends: Vec<Vec<u8>> = FEW_ENDS.iter().map(|end| Vec::from(*end)).collect();
        self.bodies(pairs, &inner, &ends).or_else(|| match reformat::read(&outer.bytes) {
            Read::Complete(document) => self
                .restyled(pairs, Some(&document), &outer.findings)
                .or_else(|| self.rewritten(pairs, Some(&document), &outer.findings)),
            _ => None,
        })
    }

    /// The same JSON in every style.
    fn restyled(&mut self, pairs: &[Pair], document: Option<&Document<'_>>, outer: &[Finding]) -> Option<Solved> {
        let document = document?;
        let held = Held::new(document);
        let floats = numbers::known_floats(document, self.habits.floats);
        let none = Replaced::new();
        let replacements: &[&Replaced] = if floats.is_empty() { &[&none] } else { &[&floats, &none] };
        let mut orders = Vec::from([Order::Keep]);
        orders.extend(self.habits.orders.iter().copied());
        if document.sorted_keys().is_none() {
            orders.push(Order::Sorted);
        }
        let spacings = self.spacings();
        let strings = self.strings(document);
        let mut plans = Vec::new();
        for (o, order) in orders.iter().enumerate() {
            for (r, replaced) in replacements.iter().enumerate() {
                for (i, spacing) in spacings.iter().enumerate() {
                    for (j, strings) in strings.iter().enumerate() {
                        plans.push((
                            i + j + r + 3 * o,
                            Style { spacing: *spacing, strings: *strings, order: *order, replaced },
                        ));
                    }
                }
            }
        }
        let plans = by_rank(plans);
        plans.iter().find_map(|style| self.style(pairs, document, &held, style, facts! {}, outer))
    }

    fn spacings(&self) -> Vec<Spacing> {
        let mut all = Vec::from([self.habits.spacing]);
        all.extend(SPACINGS.iter().copied().filter(|spacing| *spacing != self.habits.spacing));
        all
    }

    fn strings(&self, document: &Document<'_>) -> Vec<Strings> {
        let mut all = reformat::distinct_strings(document.marks);
        if let Some(at) = all.iter().position(|strings| *strings == self.habits.strings) {
            all.swap(0, at);
        }
        if all.len() > 1 {
            all.insert(1, KEEP);
        }
        all
    }

    /// Where a parser lost something: number text, key order, the difference between `{}` and `[]`.
    fn rewritten(&mut self, pairs: &[Pair], document: Option<&Document<'_>>, outer: &[Finding]) -> Option<Solved> {
        let document = document?;
        let held = Held::new(document);
        let (spacings, strings) = (self.spacings(), self.strings(document));
        let mut styles = Vec::new();
        for (i, spacing) in spacings.into_iter().take(5).enumerate() {
            for (j, strings) in strings.iter().take(4).enumerate() {
                styles.push((i + j, (spacing, *strings)));
            }
        }
        let styles = by_rank(styles);

        if let Some((indices, texts)) = numbers::rounded(document) {
            let found = self.share_of_rest(40, |search| {
                texts.iter().find_map(|text| {
                    let mut replaced = Replaced::new();
                    for index in &indices {
                        replaced.put(&[(*index, text.clone())]);
                    }
                    styles.iter().take(4).find_map(|(spacing, strings)| {
                        let style =
                            Style { spacing: *spacing, strings: *strings, order: Order::Keep, replaced: &replaced };
                        search.style(
                            pairs,
                            document,
                            &held,
                            &style,
                            facts! { "numbers": "a whole number beyond 2^53 was rounded" },
                            outer,
                        )
                    })
                })
            });
            if found.is_some() {
                return found;
            }
        }

        let groups = numbers::groups(document);
        let mut solved = None;
        let reserve = self.reserve;
        self.reserve = reserve.max(self.left - (self.left - reserve) / 2);
        numbers::combinations(&groups, |replaced, names, keys| {
            // The more keys, the fewer styles.
            let most = if keys == 1 { styles.len() } else { STYLES_FOR_KEYS / keys };
            for (spacing, strings) in styles.iter().take(most) {
                let style = Style { spacing: *spacing, strings: *strings, order: Order::Keep, replaced };
                solved = self.style(pairs, document, &held, &style, facts! { "numbers": names.join("; ") }, outer);
                if solved.is_some() || self.left <= self.reserve + document_len(document) {
                    return true;
                }
            }
            false
        });
        self.reserve = reserve;
        solved.or_else(|| self.permuted(pairs, document, &held, &styles, outer))
    }

    /// Keys in another order: in small objects every order can be tried.
    fn permuted(
        &mut self,
        pairs: &[Pair],
        document: &Document<'_>,
        held: &Held,
        styles: &[(Spacing, Strings)],
        outer: &[Finding],
    ) -> Option<Solved> {
        let mut sets: Vec<(Vec<&[u8]>, u32)> = Vec::new();
        let mut total: u32 = 1;
        for index in document.indices(Kind::Object) {
            let keys: Vec<&[u8]> = document.members(index).iter().map(|(key, _)| document.key_text(*key)).collect();
            if keys.len() > 1 && sets.iter().all(|(known, _)| *known != keys) {
                let orders =
                    (1..=u32::try_from(keys.len()).ok()?).try_fold(1_u32, u32::checked_mul).unwrap_or(u32::MAX);
                match total.checked_mul(orders).filter(|total| *total <= MOST_ORDERS) {
                    Some(more) => total = more,
                    None => {
                        self.orders_untried = true;
                        return None;
                    }
                }
                sets.push((keys, orders));
            }
        }
        let none = Replaced::new();
        let mut numbers = sets.clone();
        for number in 1..total {
            let mut rest = number;
            for ((_, number), (_, orders)) in numbers.iter_mut().zip(&sets) {
                *number = rest % orders;
                rest /= orders;
            }
            for (spacing, strings) in styles {
                let style =
                    Style { spacing: *spacing, strings: *strings, order: Order::Permuted(&numbers), replaced: &none };
                if let Some(solved) = self.style(pairs, document, held, &style, facts! {}, outer) {
                    return Some(solved);
                }
                if self.left <= self.reserve + document_len(document) {
                    self.orders_untried = true;
                    return None;
                }
            }
        }
        None
    }

    fn share_of_rest<T>(&mut self, percent: usize, stage: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let reserve = self.reserve;
        self.reserve = reserve.max(self.left - (self.left - reserve) / 100 * percent);
        let found = stage(self);
        self.reserve = reserve;
        found
    }

    fn style(
        &mut self,
        pairs: &[Pair],
        document: &Document<'_>,
        held: &Held,
        style: &Style<'_>,
        mut evidence: Facts,
        outer: &[Finding],
    ) -> Option<Solved> {
        if !self.charge(document_len(document)) {
            return None;
        }
        let bytes = document.write(style);
        if bytes == held.text && outer.is_empty() {
            return None;
        }
        let only_strings =
            held.spacing == Some(style.spacing) && matches!(style.order, Order::Keep) && style.replaced.is_empty();
        let slashes = |text: &[u8]| text.windows(2).filter(|pair| pair == b"\\/").count();
        let code = match only_strings && slashes(&bytes) == slashes(&held.text) {
            true => CauseCode::BodyUnicodeEscapes,
            false => CauseCode::BodyReserialized,
        };
        evidence.insert("signed", style.spacing.name.into());
        evidence.insert("received", held.spacing.map_or("irregular white space", |spacing| spacing.name).into());
        if style.strings != KEEP && held.varied {
            evidence.insert("signed_strings", style.strings.name.into());
        }
        match style.order {
            Order::Keep => {}
            Order::Sorted => _ = evidence.insert("keys", "sorted when signed, in another order now".into()),
            _ => {
                let now = if document.sorted_keys().is_some() { "sorted now" } else { "in another order now" };
                evidence.insert("keys", [now, ", in the sender's own order when signed"].concat().into());
            }
        }
        if !style.replaced.is_empty() && !evidence.contains_key("numbers") {
            evidence.insert("numbers", "1.0 when signed, 1 now".into());
        }
        let mut findings = outer.to_vec();
        findings.push(Finding::new(code, evidence));
        let body = Body { bytes: Cow::Owned(bytes), findings, exact_end: false };
        let ends: Vec<Vec<u8>> = FEW_ENDS.iter().map(|end| Vec::from(*end)).collect();
        self.body(pairs, &body, &ends)
    }

    /// A timestamp that was replaced: the seconds around those that are known.
    fn times(&mut self, keys: &[usize], body: &Body<'_>, near: &[Content]) -> Option<Solved> {
        near.iter()
            .find_map(|content| keys.iter().find_map(|key| self.attempt(self.keys.get(*key)?, content, body, &[])))
    }

    /// U+FFFD where another character set's bytes were.
    fn lost_bytes(&mut self, pairs: &[Pair], held: &[u8]) -> Option<Solved> {
        let mut solved = None;
        body::replaced_bytes(held, |bytes, count| {
            let evidence = facts! { "received": "U+FFFD in place of bytes", "count": count };
            let finding = Finding::new(CauseCode::BodyCharset, evidence);
            let body = Body { bytes: Cow::Owned(bytes), findings: alloc::vec![finding], exact_end: true };
            if !self.charge(held.len()) {
                return true;
            }
            solved = self.body(pairs, &body, &[]);
            solved.is_some()
        });
        solved
    }
}

/// Styles that are tried with numbers under several keys changed, divided by their number.
const STYLES_FOR_KEYS: usize = 12;

/// The most orders of keys that are tried.
const MOST_ORDERS: u32 = 50_000;

fn document_len(document: &Document<'_>) -> usize {
    document.parts().first().map_or(0, |part| document.text(part).len())
}

/// The same mistake twice that is not undone by itself.
const fn is_nested(code: Option<CauseCode>) -> bool {
    matches!(
        code,
        Some(CauseCode::BodyDoubleEncoded | CauseCode::BodyBase64 | CauseCode::BodyCompressed | CauseCode::BodyCharset)
    )
}

/// What the JSON that we hold looks like.
pub(super) struct Held {
    text: Vec<u8>,
    pub(super) spacing: Option<Spacing>,
    /// Whether styles of strings differ for it.
    varied: bool,
}

impl Held {
    pub(super) fn new(document: &Document<'_>) -> Self {
        let text = document.parts().first().map(|part| document.text(part).to_vec()).unwrap_or_default();
        let none = Replaced::new();
        let lines = text.contains(&b'\n');
        let spacing = SPACINGS.iter().copied().filter(|spacing| !lines || spacing.breaks_lines()).find(|spacing| {
            let style = Style { spacing: *spacing, strings: KEEP, order: Order::Keep, replaced: &none };
            document.write(&style) == text
        });
        let varied = reformat::distinct_strings(document.marks).len() > 1;
        Self { text, spacing, varied }
    }
}

/// What the difference between two ends is called.
fn end_finding(held: &[u8], signed: &[u8]) -> Option<Finding> {
    let is_break = |text: &[u8]| matches!(text, b"\n" | b"\r\n" | b"\r");
    let breaks_only = |text: &[u8]| text.iter().all(|b| b"\r\n".contains(b));
    let name = |text: &[u8]| match text {
        b"\n" => "LF",
        b"\r\n" => "CRLF",
        b"\r" => "CR",
        _ => "white space",
    };
    if held == signed {
        return None;
    }
    if !signed.trim_ascii().is_empty() {
        let evidence = facts! { "missing_bytes": signed.len() - held.len(), "missing": "the closing brackets" };
        return Some(Finding::new(CauseCode::BodyTruncated, evidence));
    }
    if let Some(added) = held.strip_prefix(signed) {
        let code = if breaks_only(added) { CauseCode::BodyNewlineAdded } else { CauseCode::BodyPadded };
        return Some(Finding::new(code, facts! { "where": "end", "bytes": added.len(), "what": name(added) }));
    }
    if let Some(lost) = signed.strip_prefix(held) {
        let code = if is_break(lost) { CauseCode::BodyNewlineLost } else { CauseCode::BodyTrimmed };
        return Some(Finding::new(code, facts! { "where": "end", "bytes": lost.len(), "what": name(lost) }));
    }
    if breaks_only(held) && breaks_only(signed) {
        return Some(Finding::new(
            CauseCode::BodyLineEndings,
            facts! { "signed": name(signed), "received": name(held), "where": "end" },
        ));
    }
    Some(Finding::new(CauseCode::BodyTrimmed, facts! { "where": "end", "bytes": signed.len() }))
}

/// One finding for each code, in the order in which to undo them.
fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for finding in findings {
        match all.iter_mut().find(|known| known.code == finding.code) {
            Some(known) => known.evidence.extend(finding.evidence),
            None => all.push(finding),
        }
    }
    // Trimming takes the last line break along.
    if all.iter().any(|finding| finding.code == CauseCode::BodyTrimmed) {
        all.retain(|finding| finding.code != CauseCode::BodyNewlineLost);
    }
    if all.iter().any(|finding| finding.code == CauseCode::BodyPadded) {
        all.retain(|finding| finding.code != CauseCode::BodyNewlineAdded);
    }
    in_turn(all)
}

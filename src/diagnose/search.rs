//! The search: candidates in order of their number of mistakes, one MAC each, under a fixed budget.
//!
//! Rules: what matches is proven by the MAC alone; the first that matches is the cause; work is counted in bytes, never
//! in time, so that the same delivery always gives the same answer.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::body::{self, Body, Told};
use super::choices::Choices;
use super::content::Content;
use super::facts::{Facts, facts};
use super::headers::Form;
use super::numbers::{self, Group, Replaced};
use super::reformat::{self, Document, KEEP, Order, Read, SPACINGS, Spacing, Strings, Style};
use super::report::{CauseCode, Finding, by_rank, in_turn, put_before};
use super::secret::Candidate;
use super::senders::Habits;
use crate::crypto::{Algorithm, Running};
use crate::time::UnixTime;

/// Bytes that may be formatted and hashed for one diagnosis: 30 to 50 ms.
pub(super) const BUDGET: usize = 12 << 20;

/// Bodies from 256 KiB on get so many times their size, which is what all usual styles take.
pub(super) const HUGE: usize = 1 << 18;
pub(super) const HUGE_FACTOR: usize = 72;

/// What a MAC costs beside its bytes: two blocks to begin, two to end.
const MAC_COST: usize = 256;

/// What an Ed25519 verification costs beside its bytes.
pub(super) const ED25519_COST: usize = 1 << 15;

/// Passes over a body that looking for its mistakes takes.
const UNDO_COST: usize = 8;

/// White space at the end that is tried with every candidate, after its own.
const ENDS: &[&str] =
    &["", "\n", "\r\n", " ", "\n\n", "\t", "  ", "\r\n\r\n", "\r", " \n", "   ", "\n\n\n", "  \n", "    "];
/// So much white space may have been cut off where nothing says how much, …
const LIKELY_SPACE: usize = 6;
/// … and where the length does.
const MOST_SPACE: usize = 64;

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
    pub(super) reserve: usize,
}

/// What made the signature right.
pub(super) struct Solved {
    pub(super) key: Cow<'static, str>,
    pub(super) time: Option<UnixTime>,
    pub(super) findings: Vec<Finding>,
}

/// A match: which form, and with which white space at the end.
pub(super) struct Hit {
    form: usize,
    end: Vec<u8>,
}

/// Positions of a key and a content.
pub(super) type Pair = (usize, usize);

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

    pub(super) fn charge(&mut self, cost: usize) -> bool {
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
        // As much white space as the length on the wire leaves room for.
        let lost = self.told.length.and_then(|length| length.checked_sub(held.trim_ascii_end().len()));
        let lost = lost.map_or(3..=LIKELY_SPACE, |lost| lost.max(3)..=lost.min(MOST_SPACE));
        let mut more = ends.clone();
        for lost in lost {
            for &(space, last) in &[(b'\n', b'\n'), (b' ', b' '), (b' ', b'\n'), (b'\n', b' ')] {
                let mut end = alloc::vec![space; lost - 1];
                end.push(last);
                more.push(end);
            }
            more.push(b"\r\n".iter().copied().cycle().take(lost).collect());
        }
        let undone = body::undo(held, self.told);
        let document = match reformat::read(held) {
            Read::Complete(document) => Some(document),
            _ => None,
        };

        // One mistake.
        let untouched = core::slice::from_ref(&identity);
        self.bodies(&base, untouched, &more)
            .or_else(|| self.bodies(&base, &undone, &ends))
            .or_else(|| self.bodies(&single, untouched, &ends))
            .or_else(|| self.share(50, |search| search.restyled(&base, document.as_ref(), &[])))
            // One in the body that many texts may have been.
            .or_else(|| self.share(25, |search| search.lost_bytes(&base, held)))
            .or_else(|| self.share(60, |search| search.rewritten(&base, document.as_ref(), &[])))
            // Two in the body.
            .or_else(|| self.share(40, |search| undone.iter().find_map(|outer| search.inside(&base, outer))))
            // Two, in different places.
            .or_else(|| self.share(60, |search| search.bodies(&double, untouched, &ends)))
            .or_else(|| self.share(60, |search| search.bodies(&single, &undone, &ends)))
            .or_else(|| self.share(60, |search| search.restyled(&single, document.as_ref(), &[])))
            .or_else(|| self.share(40, |search| search.rewritten(&single, document.as_ref(), &[])))
            .or_else(|| self.share(50, |search| search.times(&keys, &identity, near)))
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
        let own = body.bytes.get(body.bytes.trim_ascii_end().len()..).unwrap_or_default();
        let end = end_finding(own, &hit.end).filter(|_| body.exact_end);
        let findings: Vec<Finding> = body.findings.iter().cloned().chain(end).collect();
        self.solved(key, content, &hit, &findings)
    }

    pub(super) fn solved(&self, key: &Candidate, content: &Content, hit: &Hit, body: &[Finding]) -> Option<Solved> {
        let form = self.forms.get(hit.form)?;
        let findings = [&key.findings[..], &form.findings, body, &content.findings].concat();
        Some(Solved { key: key.name.clone(), time: content.time, findings: merged(findings) })
    }

    pub(super) fn mac(&mut self, key: &Candidate, content: &Content, body: &Body<'_>, ends: &[Vec<u8>]) -> Option<Hit> {
        let algorithm = key.key.algorithm();
        if !self.forms.iter().any(|form| form.algorithm == algorithm) {
            return None;
        }
        let bytes = &*body.bytes;
        let trimmed = bytes.trim_ascii_end();
        let own = bytes.get(trimmed.len()..).unwrap_or_default();
        let whole = content.before.len() + bytes.len() + content.after.len();
        if algorithm == Algorithm::Ed25519 {
            // It is slow: every end only for what is most probable.
            let probable = body.findings.is_empty() && key.first && content.first;
            let most = match probable {
                true => ends.len(),
                false if body.findings.is_empty() => 0,
                false => FEW_ENDS.len(),
            };
            let others = ends.iter().take(most).map(Vec::as_slice).filter(|end| *end != own);
            for end in core::iter::once(own).chain(others) {
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
        if !self.charge(whole) {
            return None;
        }
        let mut running = Running::new(&key.key)?;
        running.update(&content.before);
        running.update(trimmed);
        // The beginning is hashed once, whatever the end.
        let mut all = alloc::vec![own.to_vec()];
        all.extend(ends.iter().filter(|end| *end != own).cloned());
        self.tails(key, &running, content, &all)
    }

    /// Finishes a MAC with each of these ends.
    pub(super) fn tails(
        &mut self,
        key: &Candidate,
        running: &Running,
        content: &Content,
        ends: &[Vec<u8>],
    ) -> Option<Hit> {
        let algorithm = key.key.algorithm();
        for end in ends {
            if !self.charge(MAC_COST + end.len() + content.after.len()) {
                return None;
            }
            let mut this = running.clone();
            this.update(end);
            this.update(&content.after);
            let mac = this.finish();
            if let Some(form) = self.forms.iter().position(|form| form.algorithm == algorithm && form.matches(&mac)) {
                return Some(Hit { form, end: end.clone() });
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
            put_before(&mut body.findings, &outer.findings);
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
        let names = self.habits.order;
        let mut ranks = Vec::new();
        if !names.is_empty() && self.charge(document.parts().len() * names.len() / RANKS_SPEED) {
            ranks = [false, true].map(|last| document.ranks(&[names], self.habits.others_sorted, last)).into();
            ranks.dedup();
        }
        orders.extend(ranks.iter().map(Order::Known));
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
        plans.iter().find_map(|style| self.style(pairs, document, &held, style, outer))
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
        for (i, spacing) in spacings.iter().enumerate() {
            for (j, strings) in strings.iter().enumerate() {
                styles.push((i + j, (*spacing, *strings)));
            }
        }
        let styles = by_rank(styles);
        let groups = numbers::groups(document);
        self.share_of_rest(50, |search| search.numbers(pairs, document, &held, &styles, &groups, outer))
            .or_else(|| self.reordered(pairs, document, &held, &styles, outer))
    }

    /// Numbers (and what else a parser loses) in every combination, the smallest change first.
    fn numbers(
        &mut self,
        pairs: &[Pair],
        document: &Document<'_>,
        held: &Held,
        styles: &[(Spacing, Strings)],
        groups: &[Group<'_>],
        outer: &[Finding],
    ) -> Option<Solved> {
        if groups.is_empty() {
            return None;
        }
        let none = Replaced::new();
        let style = |spacing, strings| Style { spacing, strings, order: Order::Keep, replaced: &none };
        let mut plans = Vec::new();
        // What came over the wire had this length: few choices make it.
        let length = self.told.length.filter(|length| outer.is_empty() && *length != held.text.len());
        let plain = numbers::plain(groups);
        let places: usize = groups.iter().flat_map(|group| &group.alternatives).map(|(_, list)| list.len()).sum();
        // Very many are only changed all together.
        let most_changes = if places > MOST_PLACES { 0 } else { groups.len() };
        let (least, most) = numbers::choices(document, &style(self.habits.spacing, KEEP), groups, &[]).0.reach();
        for (at, (spacing, strings)) in styles.iter().enumerate() {
            let mut fits = false;
            if let Some(length) = length.filter(|_| most_changes > 0) {
                if !self.charge(document_len(document)) {
                    return None;
                }
                let lacking = length as isize - document.write(&style(*spacing, *strings)).len() as isize;
                fits = (least..=most + 1).contains(&lacking);
            }
            for changes in 1..=most_changes {
                for (more, groups) in [(0, &plain[..]), (5, groups)] {
                    if fits {
                        plans.push((changes + more, (*spacing, *strings, groups, &[][..], changes, length)));
                    }
                    if at < STYLES_FOR_CHANGES / changes {
                        plans.push((4 * changes + at + more + 2, (*spacing, *strings, groups, &[][..], changes, None)));
                    }
                }
            }
            for (number, base) in numbers::BASES.iter().enumerate() {
                let deviations = if number == 0 { most_changes / 2 } else { 0 };
                for changes in 0..=deviations {
                    if at < STYLES_FOR_CHANGES / (1 + changes) {
                        plans.push((4 * changes + at + number, (*spacing, *strings, groups, *base, changes, None)));
                    }
                }
            }
        }
        let ends: Vec<Vec<u8>> = FEW_ENDS.iter().map(|end| Vec::from(*end)).collect();
        for (spacing, strings, groups, base, changes, length) in by_rank(plans) {
            let style = style(spacing, strings);
            // Written, and each place with its texts.
            if !self.charge(CHOICES_COST * document_len(document)) {
                return None;
            }
            let (choices, names) = numbers::choices(document, &style, groups, base);
            if let Some((mut solved, picked)) = self.choose(pairs, &choices, changes, length, &ends) {
                let mut evidence = held.against(document, &style);
                evidence.insert("numbers", numbers::named(&names, &picked).into());
                solved.findings.extend(outer.iter().cloned());
                solved.findings.push(Finding::new(CauseCode::BodyReserialized, evidence));
                solved.findings = merged(solved.findings);
                return Some(solved);
            }
        }
        None
    }

    pub(super) fn share_of_rest<T>(&mut self, percent: usize, stage: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
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
        let evidence = held.against(document, style);
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

    /// U+FFFD or question marks where characters were.
    fn lost_bytes(&mut self, pairs: &[Pair], held: &[u8]) -> Option<Solved> {
        let asks = held.is_ascii();
        let places = body::lost(held, asks);
        if places.is_empty() {
            return None;
        }
        let own = held.get(held.trim_ascii_end().len()..).unwrap_or_default().to_vec();
        let text = held.get(..held.len() - own.len()).unwrap_or_default().to_vec();
        let choices = Choices::new(text, places);
        // All question marks are seldom meant.
        for changes in if asks { 1..=choices.groups().min(2) } else { choices.groups()..=choices.groups() } {
            let length = self.told.length.filter(|length| *length > held.len());
            let found = self.choose(pairs, &choices, changes, length, core::slice::from_ref(&own));
            if let Some((mut solved, _)) = found {
                let mark = if asks { "question marks" } else { "U+FFFD" };
                let evidence = facts! { "received": [mark, " in place of characters"].concat(), "count": changes };
                solved.findings.push(Finding::new(CauseCode::BodyCharset, evidence));
                solved.findings = merged(solved.findings);
                return Some(solved);
            }
        }
        None
    }
}

/// More places with other texts are not combined.
const MOST_PLACES: usize = 1024;

/// What choices cost for each byte of the document.
const CHOICES_COST: usize = 4;

/// Names that are compared with a key in the time of a byte.
const RANKS_SPEED: usize = 8;

/// Styles that are tried with numbers under several keys changed, divided by their number.
pub(super) const STYLES_FOR_CHANGES: usize = 20;

pub(super) fn document_len(document: &Document<'_>) -> usize {
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

    /// How it was written when it was signed, and how it is now.
    pub(super) fn against(&self, document: &Document<'_>, style: &Style<'_>) -> Facts {
        let received = self.spacing.map_or("irregular white space", |spacing| spacing.name);
        let mut evidence = facts! { "signed": style.spacing.name, "received": received };
        if style.strings != KEEP && self.varied {
            evidence.insert("signed_strings", style.strings.name.into());
        }
        match style.order {
            Order::Keep => {}
            Order::Sorted => evidence.insert("keys", "sorted when signed, in another order now".into()),
            _ => {
                let now = if document.sorted_keys().is_some() { "sorted now" } else { "in another order now" };
                evidence.insert("keys", [now, ", in the sender's own order when signed"].concat().into());
            }
        }
        if !style.replaced.is_empty() {
            evidence.insert("numbers", "1.0 when signed, 1 now".into());
        }
        evidence
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
pub(super) fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for finding in findings {
        match all.iter_mut().find(|known| known.code == finding.code) {
            Some(known) => known.evidence.extend(finding.evidence),
            None => all.push(finding),
        }
    }
    // Escapes too are written again then.
    if all.iter().any(|finding| finding.code == CauseCode::BodyReserialized) {
        all.retain(|finding| finding.code != CauseCode::BodyUnicodeEscapes);
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

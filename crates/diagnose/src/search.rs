//! The search: candidates in order of their number of mistakes, one MAC each, under a fixed budget.
//!
//! Rules: what matches is proven by the MAC alone; the first that matches is the cause; all work is counted, in bytes and
//! never in time, so that the same delivery always gives the same answer.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::cell::OnceCell;

use countersign_core::internal::Running;
use countersign_core::{Algorithm, UnixTime};

use crate::body::{self, Body, Told};
use crate::choices::Choices;
use crate::content::Content;
use crate::document::{self, Document, Kind, Read};
use crate::facts::{Facts, facts};
use crate::headers::Form;
use crate::numbers::{self, Group, Replaced};
use crate::reformat::{Order, Style};
use crate::report::{CauseCode, Finding, by_rank, in_turn, put_before, with};
use crate::secret::Candidate;
use crate::senders::Habits;
use crate::styles::{self, COMPACT, KEEP, SPACINGS, Spacing, Strings};

/// What one diagnosis may take, in bytes written or hashed: 1 to 3 ns each where the processor hashes.
pub(crate) const BUDGET: usize = 14 << 20;

/// Large bodies get so many times their size, which is what all usual styles take.
pub(crate) const LEAST_FACTOR: usize = 100;

/// What a MAC costs beside its bytes: two blocks to begin, two to end.
const MAC_COST: usize = 256;

/// What an Ed25519 verification costs beside its bytes.
pub(crate) const ED25519_COST: usize = 1 << 15;

/// Passes over a body that looking for its mistakes takes.
const UNDO_COST: usize = 4;

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
pub(crate) struct Search<'s> {
    pub(crate) keys: &'s [Candidate],
    pub(crate) contents: &'s [Content],
    pub(crate) forms: &'s [Form],
    pub(crate) told: Told,
    pub(crate) habits: Habits,
    pub(crate) left: usize,
    /// Whether something was left untried.
    pub(crate) cut_short: bool,
    /// Whether keys may have been in an order that was not tried.
    pub(crate) orders_untried: bool,
    /// The end of the current stage's share, counted in `left`.
    pub(crate) reserve: usize,
}

/// What made the signature right.
pub(crate) struct Solved {
    pub(crate) key: Cow<'static, str>,
    pub(crate) time: Option<UnixTime>,
    pub(crate) findings: Vec<Finding>,
}

/// A match: which form, and with which white space at the end.
pub(crate) struct Hit {
    form: usize,
    end: Vec<u8>,
}

/// Positions of a key and a content.
pub(crate) type Pair = (usize, usize);

impl<'s> Search<'s> {
    pub(crate) const fn new(
        keys: &'s [Candidate],
        contents: &'s [Content],
        forms: &'s [Form],
        told: Told,
        habits: Habits,
        left: usize,
    ) -> Self {
        Self { keys, contents, forms, told, habits, left, cut_short: false, orders_untried: false, reserve: 0 }
    }

    pub(crate) fn charge(&mut self, cost: usize) -> bool {
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

    pub(crate) fn run(&mut self, held: &[u8], near: &dyn Fn() -> Vec<Content>) -> Option<Solved> {
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
        if let Read::Incomplete(Some(closers)) = document::read(held) {
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
        let undone = self.undo(held).unwrap_or_default();
        let inner: Vec<Inner<'_>> = undone.iter().filter(|body| body.opens()).map(Inner::new).collect();
        let json = Json::read(held);
        let json = json.as_ref();

        // One mistake.
        let untouched = core::slice::from_ref(&identity);
        self.bodies(&base, untouched, &more)
            .or_else(|| self.bodies(&base, &undone, &ends))
            .or_else(|| self.bodies(&single, untouched, &ends))
            .or_else(|| self.share(50, |search| search.restyled(&base, json, &[])))
            // One in the body that many texts may have been.
            .or_else(|| self.share(25, |search| search.lost_bytes(&base, held)))
            .or_else(|| self.share(60, |search| search.rewritten(&base, json, &[])))
            .or_else(|| self.share(50, |search| search.times(&keys, &identity, near)))
            // Two in the body.
            .or_else(|| self.share(40, |search| inner.iter().find_map(|inner| search.inside(&base, inner))))
            // Two, in different places.
            .or_else(|| self.share(60, |search| search.bodies(&double, untouched, &ends)))
            .or_else(|| self.share(60, |search| search.bodies(&single, &undone, &ends)))
            .or_else(|| self.share(60, |search| search.restyled(&single, json, &[])))
            .or_else(|| self.share(40, |search| search.rewritten(&single, json, &[])))
            // More.
            .or_else(|| self.share(50, |search| inner.iter().find_map(|inner| search.inside(&single, inner))))
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

    pub(crate) fn solved(&self, key: &Candidate, content: &Content, hit: &Hit, body: &[Finding]) -> Option<Solved> {
        let form = self.forms.get(hit.form)?;
        let findings = [&key.findings[..], &form.findings, body, &content.findings].concat();
        Some(Solved { key: key.name.clone(), time: content.time, findings: merged(findings) })
    }

    pub(crate) fn mac(&mut self, key: &Candidate, content: &Content, body: &Body<'_>, ends: &[Vec<u8>]) -> Option<Hit> {
        let algorithm = key.key.algorithm();
        let forms = self.forms.iter().filter(|form| form.algorithm == algorithm).count();
        if forms == 0 {
            return None;
        }
        let bytes = &*body.bytes;
        let whole = content.before.len() + bytes.len() + content.after.len();
        let is_slow = algorithm == Algorithm::Ed25519;
        // White space at the end is looked for only in what is affordable.
        if !self.charge(whole) {
            return None;
        }
        let trimmed = bytes.trim_ascii_end();
        let own = bytes.get(trimmed.len()..).unwrap_or_default();
        if is_slow {
            // Every end only for what is most probable.
            let probable = body.findings.is_empty() && key.first && content.first;
            let most = match probable {
                true => ends.len(),
                false if body.findings.is_empty() => 0,
                false => FEW_ENDS.len(),
            };
            let others = ends.iter().take(most).map(Vec::as_slice).filter(|end| *end != own);
            for end in core::iter::once(own).chain(others) {
                if !self.charge((whole + ED25519_COST) * forms) {
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
        let mut running = Running::new(&key.key)?;
        running.update(&content.before);
        running.update(trimmed);
        // The beginning is hashed once, whatever the end.
        let others = ends.iter().map(Vec::as_slice).filter(|end| *end != own);
        self.tails(key, &running, content, &mut core::iter::once(own).chain(others))
    }

    /// Finishes a MAC with each of these ends.
    pub(crate) fn tails(
        &mut self,
        key: &Candidate,
        running: &Running,
        content: &Content,
        ends: &mut dyn Iterator<Item = &[u8]>,
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
                return Some(Hit { form, end: end.into() });
            }
        }
        None
    }

    /// A body with one mistake undone may have a second one inside.
    fn inside(&mut self, pairs: &[Pair], inner: &Inner<'_>) -> Option<Solved> {
        if inner.found.get().is_none() {
            let found = self.second(inner.outer)?;
            inner.found.get_or_init(|| found);
        }
        let (bodies, json) = inner.found.get()?;
        let outer = &inner.outer.findings;
        self.bodies(pairs, bodies, &few_ends()).or_else(|| {
            self.restyled(pairs, json.as_ref(), outer).or_else(|| self.rewritten(pairs, json.as_ref(), outer))
        })
    }

    /// What a second mistake may have been, and the JSON inside, where looking is affordable.
    fn second<'o>(&mut self, outer: &'o Body<'_>) -> Option<(Vec<Body<'static>>, Option<Json<'o>>)> {
        let code = outer.findings.first().map(|finding| finding.code);
        let mut inner = self.undo(&outer.bytes)?;
        inner.retain(|body| {
            let other = body.findings.first().map(|finding| finding.code);
            let opposite = (code, other) == (Some(CauseCode::BodyBomAdded), Some(CauseCode::BodyBomLost));
            !opposite && (other != code || is_nested(code))
        });
        for body in &mut inner {
            put_before(&mut body.findings, &outer.findings);
        }
        Some((inner, Json::read(&outer.bytes)))
    }

    /// Every mistake in these bytes that shows, as far as looking for them is affordable.
    fn undo(&mut self, bytes: &[u8]) -> Option<Vec<Body<'static>>> {
        let cost = bytes.len() * UNDO_COST;
        if !self.charge(cost) {
            return None;
        }
        let undone = body::undo(bytes, self.told);
        // Nobody knows before how much something inflates to.
        let longest = undone.iter().map(|body| body.bytes.len()).max().unwrap_or_default();
        self.spend(longest.saturating_sub(cost));
        Some(undone)
    }

    /// Counts what is done already.
    const fn spend(&mut self, cost: usize) {
        self.left = self.left.saturating_sub(cost);
    }

    /// The same JSON in every style.
    fn restyled(&mut self, pairs: &[Pair], json: Option<&Json<'_>>, outer: &[Finding]) -> Option<Solved> {
        let document = &json?.document;
        let none = Replaced::new();
        let floats = match self.habits.floats {
            [] => Replaced::new(),
            keys => self.groups(json?).map_or_else(Replaced::new, |groups| numbers::known_floats(groups, keys)),
        };
        let replacements: &[&Replaced] = if floats.is_empty() { &[&none] } else { &[&floats, &none] };
        let mut known = Vec::from([Order::Keep]);
        let names = self.habits.order;
        let mut ranks = Vec::new();
        let cost = document.parts().len() * names.len() / RANKS_SPEED;
        // In a very large body, other things are more probable.
        if !names.is_empty() && cost < self.left / 10 && self.charge(cost) {
            ranks = [false, true].map(|last| document.ranks(&[names], self.habits.others_sorted, last)).into();
            ranks.dedup();
        }
        known.extend(ranks.iter().map(Order::Known));
        if document.sorted_keys().is_none() {
            known.push(Order::Sorted);
        }
        // Orders that differ for this document.
        let mut orders = Vec::new();
        for order in known {
            if !self.charge(document.cost(COMPACT)) {
                break;
            }
            let text = document.write(&Style { spacing: COMPACT, strings: KEEP, order, replaced: &none });
            if orders.iter().all(|(known, _)| *known != text) {
                orders.push((text, order));
            }
        }
        let spacings = self.spacings();
        let strings = self.strings(json?)?;
        let mut plans = Vec::new();
        for (o, (_, order)) in orders.iter().enumerate() {
            for (r, replaced) in replacements.iter().enumerate() {
                for (i, spacing) in spacings.iter().enumerate() {
                    for (j, (strings, _)) in strings.iter().enumerate() {
                        plans.push((
                            i + j + r + 3 * o,
                            Style { spacing: *spacing, strings: *strings, order: *order, replaced },
                        ));
                    }
                }
            }
        }
        let plans = by_rank(plans);
        plans.iter().find_map(|style| self.style(pairs, document, style, outer))
    }

    fn spacings(&self) -> Vec<Spacing> {
        let mut all = Vec::from([self.habits.spacing]);
        all.extend(SPACINGS.iter().copied().filter(|spacing| *spacing != self.habits.spacing));
        all
    }

    /// The ways to write the strings of a document that differ, and by how much each changes the length.
    fn strings<'j>(&mut self, json: &'j Json<'_>) -> Option<&'j [(Strings, isize)]> {
        if let Some(known) = json.strings.get() {
            return Some(known);
        }
        let document = &json.document;
        let mut styles = styles::distinct_strings(document.marks);
        if let Some(at) = styles.iter().position(|strings| *strings == self.habits.strings) {
            styles.swap(0, at);
        }
        if !self.charge(document.cost(COMPACT) * styles.len()) {
            return None;
        }
        let write = |strings| {
            document.write(&Style { spacing: COMPACT, strings, order: Order::Keep, replaced: &Replaced::new() })
        };
        let kept = write(KEEP);
        let mut all = Vec::new();
        for strings in styles {
            let text = write(strings);
            // What writes them as they are is called so, but for the sender's own style.
            if text != kept || all.is_empty() {
                all.push((strings, text.len() as isize - kept.len() as isize));
            }
            if text != kept && all.len() == 1 {
                all.push((KEEP, 0));
            }
        }
        Some(json.strings.get_or_init(|| all))
    }

    /// Where a parser lost something: number text, key order, the difference between `{}` and `[]`.
    fn rewritten(&mut self, pairs: &[Pair], json: Option<&Json<'_>>, outer: &[Finding]) -> Option<Solved> {
        let json = json?;
        let (spacings, strings) = (self.spacings(), self.strings(json)?);
        let mut styles = Vec::new();
        for (i, spacing) in spacings.iter().enumerate() {
            for (j, strings) in strings.iter().enumerate() {
                styles.push((i + j, (*spacing, *strings)));
            }
        }
        let styles = by_rank(styles);
        self.share_of_rest(50, |search| search.numbers(pairs, json, &styles, outer))
            .or_else(|| self.reordered(pairs, json, &styles, outer))
    }

    /// Numbers (and what else a parser loses) in every combination, the smallest change first.
    fn numbers(
        &mut self,
        pairs: &[Pair],
        json: &Json<'_>,
        styles: &[(Spacing, (Strings, isize))],
        outer: &[Finding],
    ) -> Option<Solved> {
        let document = &json.document;
        let groups = self.groups(json)?;
        if groups.is_empty() {
            return None;
        }
        let none = Replaced::new();
        let style = |spacing, strings| Style { spacing, strings, order: Order::Keep, replaced: &none };
        let mut plans = Vec::new();
        // What came over the wire had this length: few choices make it.
        let length = self.told.length.filter(|length| outer.is_empty() && *length != document_text(document).len());
        let plain = numbers::plain(groups);
        let places = numbers::texts(groups);
        // Very many are only changed all together.
        let most_changes = if places > MOST_PLACES { 0 } else { groups.len() };
        let length = length.filter(|_| most_changes > 0);
        if !self.charge(2 * places * PLACE_COST) {
            return None;
        }
        let all: Vec<&Group<'_>> = groups.iter().collect();
        let bases: Vec<Replaced> = numbers::BASES.iter().map(|names| numbers::everything(&all, names)).collect();
        let (least, most) = match length {
            Some(_) => numbers::choices(document, &style(self.habits.spacing, KEEP), groups, &[]).0.reach(),
            None => (0, 0),
        };
        for (at, (spacing, (strings, longer))) in styles.iter().enumerate() {
            let style = style(*spacing, *strings);
            let mut fits = false;
            if let Some(length) = length {
                let lacking = length as isize - longer - document.length(*spacing) as isize;
                fits = (least..=most + 1).contains(&lacking);
            }
            for changes in 1..=most_changes {
                for (more, groups) in [(0, &plain[..]), (5, groups)] {
                    if fits {
                        plans.push((changes + more, (style, groups, &[][..], changes, length)));
                    }
                    if at < STYLES_FOR_CHANGES / changes {
                        plans.push((4 * changes + at + more + 2, (style, groups, &[][..], changes, None)));
                    }
                }
            }
            for (number, (names, replaced)) in numbers::BASES.iter().zip(&bases).enumerate() {
                let deviations = if number == 0 { most_changes / 2 } else { 0 };
                for changes in 0..=deviations {
                    if at < STYLES_FOR_CHANGES / (1 + changes) && !replaced.is_empty() {
                        let style = Style { replaced, ..style };
                        plans.push((4 * changes + at + number, (style, groups, *names, changes, None)));
                    }
                }
            }
        }
        for (style, groups, base, changes, length) in by_rank(plans) {
            let found = if changes > 0 {
                if !self.charge(document.cost(style.spacing) + places * PLACE_COST) {
                    return None;
                }
                let choices = numbers::choices(document, &style, groups, base).0;
                self.choose(pairs, &choices, changes, length, &few_ends())
            } else {
                let solved = self.written(pairs, document, &style, Vec::new());
                solved.map(|solved| (solved, alloc::vec![0; groups.len()]))
            };
            if let Some((solved, picked)) = found {
                let mut evidence = against(document, &Style { replaced: &none, ..style });
                let names = numbers::choices(document, &style, groups, base).1;
                evidence.insert("numbers", numbers::named(&names, &picked).into());
                return Some(solved.with(outer, Finding::new(CauseCode::BodyReserialized, evidence)));
            }
        }
        None
    }

    /// What numbers may have been, where that is affordable. Whoever asks copies the texts.
    pub(crate) fn groups<'j, 'd>(&mut self, json: &'j Json<'d>) -> Option<&'j [Group<'d>]> {
        if json.groups.get().is_none() && !self.charge(json.document.indices(Kind::Number).count() * NUMBER_COST) {
            return None;
        }
        let groups = json.groups.get_or_init(|| numbers::groups(&json.document));
        self.spend(numbers::texts(groups) * PLACE_COST);
        Some(groups)
    }

    pub(crate) fn share_of_rest<T>(&mut self, percent: usize, stage: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let reserve = self.reserve;
        self.reserve = reserve.max(self.left - self.left.saturating_sub(reserve) / 100 * percent);
        let found = stage(self);
        self.reserve = reserve;
        found
    }

    fn style(
        &mut self,
        pairs: &[Pair],
        document: &Document<'_>,
        style: &Style<'_>,
        outer: &[Finding],
    ) -> Option<Solved> {
        // Which of the two it is, is looked at when it matches.
        let finding = Finding::new(CauseCode::BodyUnicodeEscapes, Facts::default());
        let solved = self.written(pairs, document, style, with(outer, finding))?;
        let (spacing, text) = (spacing_of(document), document_text(document));
        let only_strings =
            spacing == Some(style.spacing) && matches!(style.order, Order::Keep) && style.replaced.is_empty();
        let slashes = |text: &[u8]| text.windows(2).filter(|pair| pair == b"\\/").count();
        let code = match only_strings && slashes(&document.write(style)) == slashes(text) {
            true => CauseCode::BodyUnicodeEscapes,
            false => CauseCode::BodyReserialized,
        };
        Some(solved.with(&[], Finding::new(code, against(document, style))))
    }

    /// The document in this style, unless that is how we hold it.
    fn written(
        &mut self,
        pairs: &[Pair],
        document: &Document<'_>,
        style: &Style<'_>,
        findings: Vec<Finding>,
    ) -> Option<Solved> {
        if !self.charge(document.cost(style.spacing)) {
            return None;
        }
        let bytes = document.write(style);
        if findings.len() < 2 && bytes == document_text(document) {
            return None;
        }
        let body = Body { bytes: Cow::Owned(bytes), findings, exact_end: false };
        self.body(pairs, &body, &few_ends())
    }

    /// A timestamp that was replaced: the seconds around those that are known.
    fn times(&mut self, keys: &[usize], body: &Body<'_>, near: &dyn Fn() -> Vec<Content>) -> Option<Solved> {
        let near = near();
        self.spend(near.len() * NEAR_COST);
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
            if let Some((solved, _)) = found {
                let mark = if asks { "question marks" } else { "U+FFFD" };
                let evidence = facts! { "received": [mark, " in place of characters"].concat(), "count": changes };
                return Some(solved.with(&[], Finding::new(CauseCode::BodyCharset, evidence)));
            }
        }
        None
    }
}

/// More places with other texts are not combined.
const MOST_PLACES: usize = 1024;

/// What each time costs that may have been signed instead.
const NEAR_COST: usize = 128;

/// What finding out costs that a number may have been another one.
const NUMBER_COST: usize = 128;

/// What each text costs that may stand in a place.
const PLACE_COST: usize = 64;

/// Names that are compared with a key in the time of a byte.
const RANKS_SPEED: usize = 8;

/// Styles that are tried with numbers under several keys changed, divided by their number.
pub(crate) const STYLES_FOR_CHANGES: usize = 20;

/// What is inside of a body with one mistake undone, looked for once.
struct Inner<'o> {
    outer: &'o Body<'static>,
    found: OnceCell<(Vec<Body<'static>>, Option<Json<'o>>)>,
}

impl<'o> Inner<'o> {
    const fn new(outer: &'o Body<'static>) -> Self {
        Self { outer, found: OnceCell::new() }
    }
}

/// A body that is JSON.
pub(crate) struct Json<'d> {
    pub(crate) document: Document<'d>,
    groups: OnceCell<Vec<Group<'d>>>,
    strings: OnceCell<Vec<(Strings, isize)>>,
}

impl<'d> Json<'d> {
    fn read(text: &'d [u8]) -> Option<Self> {
        match document::read(text) {
            Read::Complete(document) => Some(Self { document, groups: OnceCell::new(), strings: OnceCell::new() }),
            _ => None,
        }
    }
}

fn document_text<'d>(document: &Document<'d>) -> &'d [u8] {
    document.parts().first().map_or(&[], |part| document.text(part))
}

fn few_ends() -> Vec<Vec<u8>> {
    FEW_ENDS.iter().map(|end| Vec::from(*end)).collect()
}

/// The same mistake twice that is not undone by itself.
const fn is_nested(code: Option<CauseCode>) -> bool {
    matches!(
        code,
        Some(CauseCode::BodyDoubleEncoded | CauseCode::BodyBase64 | CauseCode::BodyCompressed | CauseCode::BodyCharset)
    )
}

/// The white space of the JSON that we hold.
pub(crate) fn spacing_of(document: &Document<'_>) -> Option<Spacing> {
    let (text, none) = (document_text(document), Replaced::new());
    SPACINGS.iter().copied().filter(|spacing| document.length(*spacing) == text.len()).find(|spacing| {
        document.write(&Style { spacing: *spacing, strings: KEEP, order: Order::Keep, replaced: &none }) == text
    })
}

/// How it was written when it was signed, and how it is now.
pub(crate) fn against(document: &Document<'_>, style: &Style<'_>) -> Facts {
    let received = spacing_of(document).map_or("irregular white space", |spacing| spacing.name);
    let mut evidence = facts! { "signed": style.spacing.name, "received": received };
    if style.strings != KEEP && styles::distinct_strings(document.marks).len() > 1 {
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

impl Solved {
    /// The same with more to undo.
    pub(crate) fn with(mut self, outer: &[Finding], finding: Finding) -> Self {
        self.findings.extend(outer.iter().cloned());
        self.findings.push(finding);
        Self { findings: merged(self.findings), ..self }
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
pub(crate) fn merged(findings: Vec<Finding>) -> Vec<Finding> {
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

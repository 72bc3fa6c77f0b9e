//! Tries the characters that may have stood where decoding has left a mark.

use crate::body::lost::lost;
use crate::choices::Choices;
use crate::finding::Finding;
use crate::report::cause::CauseCode;
use crate::report::facts::facts;
use crate::search::choose::choose;
use crate::search::engine::{Pair, Search, Solved};

/// Tries the characters that U+FFFD or question marks stand for.
pub(crate) fn lost_bytes(search: &mut Search<'_>, pairs: &[Pair], held: &[u8]) -> Option<Solved> {
    let asks = held.is_ascii();
    // The body is searched for marks, and copied.
    if !search.charge(2 * held.len()) {
        return None;
    }
    let places = lost(held, asks);
    if places.is_empty() {
        return None;
    }
    let own = held.get(held.trim_ascii_end().len()..).unwrap_or_default().to_vec();
    let text = held.get(..held.len() - own.len()).unwrap_or_default().to_vec();
    let choices = Choices::new(text, places);
    // Most question marks are real ones: only one or two stand for another character.
    for changes in if asks { 1..=choices.groups().min(2) } else { choices.groups()..=choices.groups() } {
        let length = search.told.length.filter(|length| *length > held.len());
        let found = choose(search, pairs, &choices, changes, length, core::slice::from_ref(&own));
        if let Some((solved, _)) = found {
            let mark = if asks { "question marks" } else { "U+FFFD" };
            let evidence = facts! { "received": [mark, " in place of characters"].concat(), "count": changes };
            return Some(solved.with(&[], Finding::new(CauseCode::BodyCharset, evidence)));
        }
    }
    None
}

//! Whether a path into the body is one that can find something: names of fields with dots between them.

use crate::error::Contradiction;

/// What is wrong with the path. A field's name may have nearly any character, such as `$type`; what is refused here are the
/// spellings of other languages.
pub(super) fn problem(path: &str) -> Option<Contradiction> {
    let names = || path.split('.');
    if names().any(|name| name == "$") || path.contains(['[', ']']) || path.starts_with(['/', '#']) {
        return Some(Contradiction::PathOfOtherLanguage);
    }
    if names().any(|name| name.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty()) {
        return Some(Contradiction::PathIntoList);
    }
    names().any(|name| name.trim() != name || name.is_empty()).then_some(Contradiction::PathWithGap)
}

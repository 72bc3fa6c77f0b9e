//! Limits of single settings, which endpoints and the management APIs share.

use alloc::vec::Vec;

use crate::error::{EndpointCode, EndpointError};

/// How long an attempt may take by default, in milliseconds.
pub(crate) const DEFAULT_TIMEOUT_MS: i64 = 10_000;

/// The limits of the setting that says how long an attempt may take, in milliseconds.
pub(crate) const TIMEOUT_MS: core::ops::RangeInclusive<i64> = 1_000..=30_000;

const MAX_NAME: usize = 100;

/// The first problem, where there is one, as an error.
pub(crate) fn first(problems: Vec<EndpointError>) -> Result<(), EndpointError> {
    problems.into_iter().next().map_or(Ok(()), Err)
}

pub(crate) fn name_problem(name: Option<&str>, required: bool) -> Option<EndpointError> {
    let code = match name {
        None if !required => return None,
        Some(name) if name.chars().count() > MAX_NAME => EndpointCode::NameTooLong,
        Some(name) if !name.trim().is_empty() => return None,
        _ => EndpointCode::NameMissing,
    };
    Some(EndpointError::new(code).at("name"))
}

pub(crate) fn timeout_problem(field: &'static str, ms: i64) -> Option<EndpointError> {
    (!TIMEOUT_MS.contains(&ms)).then(|| EndpointError::new(EndpointCode::TimeoutOutOfRange).at(field))
}

pub(crate) fn retries_problem(field: &'static str, retries: i64) -> Option<EndpointError> {
    (!(0..=10).contains(&retries)).then(|| EndpointError::new(EndpointCode::RetriesOutOfRange).at(field))
}

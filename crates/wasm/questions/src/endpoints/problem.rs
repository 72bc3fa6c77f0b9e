//! What is wrong with a question, or with what it is about.

use alloc::string::String;

use countersign_endpoint::{EndpointCode, EndpointError};
use serde::Serialize;

/// What is wrong.
pub(super) struct Problem {
    pub(super) code: EndpointCode,
    pub(super) field: String,
    pub(super) detail: String,
}

/// A problem as JavaScript gets it.
#[derive(Serialize)]
pub(super) struct Said {
    code: &'static str,
    field: String,
    message: String,
    fix: &'static str,
}

impl Problem {
    pub(super) fn new(code: EndpointCode, field: &str) -> Self {
        Self { code, field: field.into(), detail: String::new() }
    }

    pub(super) fn because(self, detail: &str) -> Self {
        Self { detail: detail.into(), ..self }
    }

    pub(super) fn said(self) -> Said {
        let mut message = String::from(self.code.sentence());
        if !self.detail.is_empty() {
            message = message + " " + &self.detail;
        }
        Said { code: self.code.as_str(), field: self.field, message, fix: self.code.fix() }
    }
}

impl From<EndpointError> for Problem {
    fn from(error: EndpointError) -> Self {
        Self { code: error.code(), field: error.field().into(), detail: error.detail().into() }
    }
}

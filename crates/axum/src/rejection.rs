//! Why a delivery did not reach the handler, and the answer to it.

use std::error::Error;
use std::fmt;

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use countersign::{Code, VerifyError};

/// Why a delivery did not reach the handler. As a response it is the status and nothing else: a stranger is not told what
/// to change.
#[derive(Debug)]
#[non_exhaustive]
pub enum Rejection {
    /// The request is not a POST.
    Method(Method),
    /// The body is larger than this many bytes.
    TooLarge(usize),
    /// The connection broke while the body was arriving.
    Incomplete(axum::Error),
    /// The delivery does not verify.
    Refused(VerifyError),
}

impl Rejection {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Method(_) => Code::MethodNotAllowed,
            Self::TooLarge(_) => Code::BodyTooLarge,
            Self::Incomplete(_) => Code::BodyIncomplete,
            Self::Refused(error) => error.code(),
        }
    }

    /// The HTTP status to answer with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Self::Method(_) = self {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => error.fmt(f),
            Self::Method(method) => {
                write!(f, "The request is a {method}, and deliveries are POST. {}", self.code().fix())
            }
            Self::TooLarge(limit) => write!(f, "The body is larger than the limit of {limit} bytes."),
            Self::Incomplete(_) => write!(f, "{} {}", self.code().sentence(), self.code().fix()),
        }
    }
}

impl Error for Rejection {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Refused(error) => Some(error),
            Self::Incomplete(error) => Some(error),
            Self::Method(_) | Self::TooLarge(_) => None,
        }
    }
}

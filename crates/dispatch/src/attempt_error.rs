//! What went wrong in an attempt, as one stable word.

use core::fmt;
use core::str::FromStr;

use countersign_endpoint::EndpointCode;

macro_rules! words {
    ($($name:ident = $text:literal, $about:literal;)*) => {
        /// What went wrong in an attempt. Add, never rename.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum AttemptError {
            $(#[doc = concat!("`", $text, "`: ", $about)] $name,)*
            /// The code of a setting or an address that was refused when it was to be used.
            Refused(EndpointCode),
        }

        impl AttemptError {
            /// The stable word, such as `timeout`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Refused(code) => code.as_str(),
                }
            }
        }

        impl FromStr for AttemptError {
            type Err = UnknownAttemptError;

            fn from_str(text: &str) -> Result<Self, UnknownAttemptError> {
                match text {
                    $($text => Ok(Self::$name),)*
                    code => {
                        let refused = EndpointCode::ALL.iter().find(|known| known.as_str() == code);
                        refused.map(|code| Self::Refused(*code)).ok_or(UnknownAttemptError)
                    }
                }
            }
        }
    };
}

words! {
    Timeout = "timeout", "the whole answer took longer than the endpoint's timeout.";
    Dns = "dns", "the host has no address.";
    Connect = "connect", "nobody accepted the connection.";
    Tls = "tls", "the certificate or the handshake was refused.";
    CutOff = "cut_off", "the connection ended before the answer did.";
    Status = "status", "the receiver answered with a status that is no success.";
    Crashed = "crashed", "the worker ended before its attempt did.";
    Signing = "signing", "the delivery could not be signed.";
    EndpointUnknown = "endpoint_unknown", "no endpoint has this id any more.";
    EndpointInactive = "endpoint_inactive", "the endpoint is switched off.";
}

impl From<EndpointCode> for AttemptError {
    fn from(code: EndpointCode) -> Self {
        Self::Refused(code)
    }
}

impl fmt::Display for AttemptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// This version knows no [`AttemptError`] of this word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownAttemptError;

impl fmt::Display for UnknownAttemptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("This version knows no error of an attempt with this word.")
    }
}

impl core::error::Error for UnknownAttemptError {}

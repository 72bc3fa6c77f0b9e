//! What a search did not try, and so has not ruled out.

use core::fmt;

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde::{Serialize, Serializer};

use crate::report::cause::CauseCode;

macro_rules! untried {
    ($($name:ident = $text:literal, $doc:literal;)*) => {
        /// What was not tried. The text form is the same in every language; codes are added, never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum UntriedCode { $(#[doc = $doc] $name,)* }

        impl UntriedCode {
            /// Everything that can be left untried.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable text, such as `key_orders`.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $text),* } }

            /// What it means, as one sentence.
            #[must_use]
            pub const fn message(self) -> &'static str { match self { $(Self::$name => $doc),* } }
        }
    };
}

untried! {
    Signature = "signature", "Other mistakes could not be looked for: that needs a signature and a key that can be read.";
    Mistakes = "mistakes", "The body is so large that not every single mistake was undone.";
    Json = "json", "The body is so large that JSON in it was not taken apart and written in other ways.";
    Styles = "styles", "Not every way was tried in which the JSON of the body may have been written.";
    Characters = "characters", "Not every character was tried that may have stood where the body has a mark for a lost one.";
    Numbers = "numbers", "Not every combination was tried of other ways to write the numbers in the body, such as 1.0 for 1.";
    KeyOrders = "key_orders", "Not every order of the keys in the body's objects was tried.";
    Times = "times", "Not every second was tried that may have been signed.";
    Several = "several", "Several mistakes at once were not tried in every combination.";
}

impl fmt::Display for UntriedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for UntriedCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Something that was not tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Untried {
    /// The stable code.
    pub code: UntriedCode,
    /// What was not tried, as one sentence that names the limit or the mistakes.
    pub message: String,
}

/// What was left untried while searching.
#[derive(Default)]
pub(crate) struct Gaps {
    codes: Vec<UntriedCode>,
    /// Mistakes that are possible, since they were not undone.
    pub(crate) open: Vec<CauseCode>,
    /// How many ways of writing the JSON were tried.
    pub(crate) styles: usize,
    /// How many texts with keys in another order were tried.
    pub(crate) orders: usize,
}

impl Gaps {
    pub(crate) fn add(&mut self, code: UntriedCode) {
        if !self.codes.contains(&code) {
            self.codes.push(code);
        }
    }

    /// Notes that these mistakes were not undone.
    pub(crate) fn leave_open(&mut self, codes: impl IntoIterator<Item = CauseCode>) {
        for code in codes {
            if !self.open.contains(&code) {
                self.open.push(code);
            }
        }
    }

    pub(crate) fn has(&self, code: UntriedCode) -> bool {
        self.codes.contains(&code)
    }

    /// Everything that was left untried, in the order of the table.
    pub(crate) fn list(&self) -> Vec<Untried> {
        let known = UntriedCode::ALL.iter().copied().filter(|code| self.has(*code));
        known.map(|code| Untried { code, message: self.message(code) }).collect()
    }

    fn message(&self, code: UntriedCode) -> String {
        let mut message = String::from(code.message());
        let more = match code {
            UntriedCode::Styles => {
                let tried = self.styles.to_string();
                let more = if OF_JSON.iter().all(|code| self.open.contains(code)) && !self.has(UntriedCode::Json) {
                    not_ruled_out(&OF_JSON)
                } else {
                    String::new()
                };
                [" The ", &tried, " most frequent combinations of white space, escapes and order of keys were.", &more]
                    .concat()
            }
            UntriedCode::KeyOrders if self.orders > 0 => {
                [" The usual orders were, and ", &self.orders.to_string(), " texts in other orders."].concat()
            }
            UntriedCode::KeyOrders => " The usual orders were.".into(),
            UntriedCode::Json => not_ruled_out(&OF_JSON),
            UntriedCode::Mistakes => {
                let known = self.has(UntriedCode::Json) || self.has(UntriedCode::Styles);
                let is_open = |code: &CauseCode| self.open.contains(code) && !(known && OF_JSON.contains(code));
                not_ruled_out(&CauseCode::ALL.iter().copied().filter(is_open).collect::<Vec<_>>())
            }
            _ => String::new(),
        };
        message.push_str(&more);
        message
    }
}

/// The mistakes that need the body to be taken apart as JSON.
pub(crate) const OF_JSON: [CauseCode; 2] = [CauseCode::BodyReserialized, CauseCode::BodyUnicodeEscapes];

fn not_ruled_out(codes: &[CauseCode]) -> String {
    let names: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    [" Not ruled out: ", &names.join(", "), "."].concat()
}

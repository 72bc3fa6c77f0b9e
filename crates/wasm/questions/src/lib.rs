//! What JavaScript and the modules that explain and that know the rules of sending say to each other: a question in JSON,
//! with bytes attached where JSON cannot hold them, and an answer in JSON.
//!
//! Rules: an answer is `{"ok": …}` or `{"problem": …}`; no question panics. Nothing is wiped here, since JavaScript gives
//! every question an instance of the module of its own and wipes all of its memory afterwards.
//!
//! This library knows no WebAssembly, so its tests run natively. The modules of `crates/wasm/explain` and
//! `crates/wasm/endpoints` have an [`Exchange`] each; `pkg-template/src/ask.ts` is the other half of both.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod endpoints;
pub mod explain;

use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

/// One question and its answer.
#[derive(Default)]
pub struct Exchange {
    question: Vec<u8>,
    answer: Vec<u8>,
}

impl Exchange {
    /// One without a question.
    #[must_use]
    pub const fn new() -> Self {
        Self { question: Vec::new(), answer: Vec::new() }
    }

    /// Makes room for a question of that many bytes, what is attached included.
    pub fn room(&mut self, len: usize) -> &mut [u8] {
        self.question = alloc::vec![0; len];
        &mut self.question
    }

    /// Answers the question, whose first bytes are `json` bytes of JSON. Says how long the answer is.
    pub fn ask(&mut self, json: usize, answer: fn(&[u8], &[u8]) -> Vec<u8>) -> usize {
        let (json, attached) = self.question.split_at_checked(json).unwrap_or_default();
        self.answer = answer(json, attached);
        self.answer.len()
    }

    /// The answer.
    #[must_use]
    pub fn answer(&self) -> &[u8] {
        &self.answer
    }
}

/// A question may hold secrets.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").finish_non_exhaustive()
    }
}

/// An answer, as JavaScript gets it.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Answer<T, P> {
    Ok(T),
    Problem(P),
}

fn written<T: Serialize, P: Serialize>(outcome: Result<T, P>) -> Vec<u8> {
    let answer = match outcome {
        Ok(value) => Answer::Ok(value),
        Err(problem) => Answer::Problem(problem),
    };
    // Only a map whose keys are no text could fail, and there is none.
    serde_json::to_vec(&answer).unwrap_or_default()
}

//! Everything that is generated, one module for each output.

mod codes;
mod diagnosis;
mod documents;
mod endpoints;
mod event_types;
mod presets;
mod provider_list;
mod provider_types;
mod redis;
mod test_list;
mod wire;

use anyhow::Result;

use crate::model;
use crate::output::Output;

/// What is made from the names of the providers' files alone.
pub(crate) fn lists(modules: &[String]) -> Vec<Output> {
    vec![provider_list::write(modules), test_list::write(modules)]
}

/// What is made from the library, with the providers that it was built with.
pub(crate) fn rest() -> Result<Vec<Output>> {
    let providers = model::read()?;
    let mut outputs = provider_types::write(&providers);
    outputs.extend([
        codes::write(),
        wire::write(),
        presets::write(&providers)?,
        event_types::write(),
        diagnosis::write(),
        endpoints::write()?,
        redis::write()?,
    ]);
    outputs.extend(documents::write()?);
    Ok(outputs)
}

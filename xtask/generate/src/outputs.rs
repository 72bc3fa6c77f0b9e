//! Everything that is generated, one module for each output.

mod codes;
mod diagnosis;
mod documents;
mod endpoints;
mod event_types;
mod page_examples;
mod presets;
mod provider_types;
mod redis;
mod wire;

use anyhow::Result;

use crate::model;
use crate::output::Output;

pub(crate) fn all() -> Result<Vec<Output>> {
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
        page_examples::write()?,
    ]);
    outputs.extend(documents::write()?);
    Ok(outputs)
}

//! The typed half of the providers' files, read as Rust. What these files may say is little, and all else is an error:
//! what is not understood here would silently differ between the languages.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use countersign::Provider;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, GenericArgument, Ident, Item, LitStr, Meta, PathArguments, Token, Type};

use crate::names::module_of;
use crate::paths;

/// A provider's file.
pub(crate) struct ProviderFile {
    pub(crate) provider: Provider,
    /// What the file says about itself.
    pub(crate) docs: String,
    /// Its types, in the order of the file.
    pub(crate) types: Vec<Declaration>,
    pub(crate) payload: Payload,
}

impl ProviderFile {
    pub(crate) fn declared(&self, name: &str) -> Option<&Declaration> {
        self.types.iter().find(|declaration| declaration.name == name)
    }
}

pub(crate) struct Declaration {
    pub(crate) name: String,
    pub(crate) docs: String,
    /// The names of its type parameters.
    pub(crate) parameters: Vec<String>,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    /// An object: what it has beside its own fields, and these.
    Struct { parts: Vec<Ty>, fields: Vec<Field> },
    /// One of several shapes.
    Union(Vec<Ty>),
    /// An open set of words, each with its docs.
    Words(Vec<(String, String)>),
    /// This very text.
    Literal(String),
}

pub(crate) struct Field {
    /// The name in JSON.
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) ty: Ty,
    pub(crate) need: Need,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Need {
    /// It must be there.
    Required,
    /// An object, which is empty where none was sent.
    Always,
    /// It may be missing or null.
    Optional,
}

#[derive(Clone)]
pub(crate) enum Ty {
    Text,
    Integer,
    Number,
    Bool,
    Any,
    List(Box<Ty>),
    Map(Box<Ty>),
    Named(String, Vec<Ty>),
    Parameter(String),
}

/// What `payload!` declares.
pub(crate) struct Payload {
    pub(crate) variants: Vec<(Ty, Vec<String>)>,
    pub(crate) other: Ty,
    /// Documented types that have the fallback's payload.
    pub(crate) listed: Vec<String>,
}

pub(crate) fn read() -> Result<Vec<ProviderFile>> {
    Provider::ALL
        .iter()
        .map(|provider| {
            let path = paths::providers().join(module_of(provider.name())).with_extension("rs");
            let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            provider_file(*provider, &text).with_context(|| path.display().to_string())
        })
        .collect()
}

fn provider_file(provider: Provider, text: &str) -> Result<ProviderFile> {
    let file = syn::parse_file(text)?;
    let mut types = Vec::new();
    let mut payload = None;
    for item in &file.items {
        match item {
            Item::Macro(item) if item.mac.path.is_ident("object") => types.push(item.mac.parse_body::<Object>()?.0),
            Item::Macro(item) if item.mac.path.is_ident("one_of") => types.push(item.mac.parse_body::<OneOf>()?.0),
            Item::Macro(item) if item.mac.path.is_ident("payload") => payload = Some(item.mac.parse_body::<Payload>()?),
            Item::Macro(item) if item.mac.path.is_ident("words") => types.push(item.mac.parse_body::<Words>()?.0),
            Item::Macro(item) if item.mac.path.is_ident("literal") => types.push(item.mac.parse_body::<Literal>()?.0),
            Item::Impl(_) | Item::Use(_) | Item::Static(_) | Item::Const(_) => {}
            _ => bail!("a provider's file has only imports, constants and this crate's macros"),
        }
    }
    let payload = payload.ok_or_else(|| anyhow!("no payload!"))?;
    let named = payload.variants.iter().flat_map(|(_, events)| events).chain(&payload.listed);
    let named: Vec<&str> = named.map(String::as_str).collect();
    ensure!(named == provider.about().events, "this program was built from other event types");
    Ok(ProviderFile { provider, docs: docs(&file.attrs), types, payload })
}

/// The settings that a file declares: structs that keep what they do not name, untagged enums and words.
pub(crate) fn settings(path: &Path) -> Result<Vec<Declaration>> {
    let file = syn::parse_file(&std::fs::read_to_string(path)?)?;
    let mut types = Vec::new();
    for item in &file.items {
        match item {
            Item::Struct(item) if keeps_all(item)? => {
                types.push(structure(item).with_context(|| item.ident.to_string())?);
            }
            Item::Enum(item) if serde(&item.attrs)?.contains_key("untagged") => types.push(union(item)?),
            Item::Macro(item) if item.mac.path.is_ident("words") => types.push(item.mac.parse_body::<Words>()?.0),
            _ => {}
        }
    }
    Ok(types)
}

fn keeps_all(item: &syn::ItemStruct) -> Result<bool> {
    let fields = item.fields.iter().map(|field| serde(&field.attrs));
    Ok(fields.collect::<Result<Vec<_>>>()?.iter().any(|serde| serde.contains_key("flatten")))
}

fn structure(item: &syn::ItemStruct) -> Result<Declaration> {
    let parameters = parameters(&item.generics)?;
    let Fields::Named(named) = &item.fields else { bail!("a struct has named fields") };
    let rename_all = serde(&item.attrs)?.remove("rename_all").unwrap_or_default();
    let (mut parts, mut fields, mut open) = (Vec::new(), Vec::new(), false);
    for field in &named.named {
        let ident = field.ident.as_ref().ok_or_else(|| anyhow!("a field has a name"))?;
        let name = ident.to_string().trim_start_matches("r#").to_owned();
        let mut serde = serde(&field.attrs)?;
        if serde.remove("flatten").is_some() {
            open = true;
            match ty(&field.ty, &parameters)? {
                Ty::Map(_) => {}
                part => parts.push(part),
            }
            continue;
        }
        let (inner, optional) = match option(&field.ty) {
            Some(inner) => (inner, true),
            None => (&field.ty, false),
        };
        let skipped = serde.remove("default").is_some() & serde.remove("skip_serializing_if").is_some();
        ensure!(skipped == optional, "`{name}`: Option needs `default, skip_serializing_if`, and nothing else does");
        let name = match (serde.remove("rename"), rename_all.as_str()) {
            (Some(renamed), _) => renamed,
            (None, "") => name,
            (None, "camelCase") => camel(&name),
            (None, other) => bail!("rename_all = {other:?}"),
        };
        ensure!(serde.is_empty(), "`{name}`: serde({:?})", serde.keys());
        let need = if optional { Need::Optional } else { Need::Required };
        fields.push(Field { name, docs: docs(&field.attrs), ty: ty(inner, &parameters)?, need });
    }
    // Without it serde would also read the struct from a list.
    ensure!(open, "a struct keeps the fields that it does not name: #[serde(flatten)] pub extra: Extra");
    Ok(Declaration {
        name: item.ident.to_string(),
        docs: docs(&item.attrs),
        parameters,
        kind: Kind::Struct { parts, fields },
    })
}

fn union(item: &syn::ItemEnum) -> Result<Declaration> {
    let parameters = parameters(&item.generics)?;
    ensure!(serde(&item.attrs)?.contains_key("untagged"), "an enum is untagged, or made with words!");
    let one = |variant: &syn::Variant| match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            fields.unnamed.first().ok_or_else(|| anyhow!("no field")).and_then(|field| ty(&field.ty, &parameters))
        }
        _ => bail!("a variant holds one type"),
    };
    let variants = item.variants.iter().map(one).collect::<Result<Vec<_>>>()?;
    ensure!(variants.len() > 1, "an enum has two variants or more");
    Ok(Declaration { name: item.ident.to_string(), docs: docs(&item.attrs), parameters, kind: Kind::Union(variants) })
}

fn parameters(generics: &syn::Generics) -> Result<Vec<String>> {
    ensure!(generics.lifetimes().next().is_none(), "payloads own their text");
    Ok(generics.type_params().map(|parameter| parameter.ident.to_string()).collect())
}

fn ty(ty: &Type, parameters: &[String]) -> Result<Ty> {
    let (name, arguments) = path(ty).ok_or_else(|| anyhow!("a type is a name"))?;
    let mut inner = arguments.iter().map(|argument| self::ty(argument, parameters)).collect::<Result<Vec<_>>>()?;
    Ok(match name.as_str() {
        "String" => Ty::Text,
        "i64" => Ty::Integer,
        "f64" => Ty::Number,
        "bool" => Ty::Bool,
        "Value" => Ty::Any,
        "Extra" => Ty::Map(Box::new(Ty::Any)),
        "Vec" => Ty::List(Box::new(inner.pop().ok_or_else(|| anyhow!("a list of what?"))?)),
        "BTreeMap" => Ty::Map(Box::new(inner.pop().ok_or_else(|| anyhow!("a map to what?"))?)),
        "Option" => bail!("Option is for fields"),
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "isize" | "f32" => {
            bail!("numbers are i64 or f64")
        }
        _ if parameters.contains(&name) => Ty::Parameter(name),
        _ => Ty::Named(name, inner),
    })
}

fn option(ty: &Type) -> Option<&Type> {
    match path(ty) {
        Some((name, arguments)) if name == "Option" => arguments.first().copied(),
        _ => None,
    }
}

/// The last name of a path, and its type arguments.
fn path(ty: &Type) -> Option<(String, Vec<&Type>)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let arguments = match &last.arguments {
        PathArguments::AngleBracketed(list) => list
            .args
            .iter()
            .filter_map(|argument| if let GenericArgument::Type(ty) = argument { Some(ty) } else { None })
            .collect(),
        _ => Vec::new(),
    };
    Some((last.ident.to_string(), arguments))
}

/// What the `#[serde(…)]` attributes say; a word without a value has an empty one.
fn serde(attributes: &[Attribute]) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        attribute.parse_nested_meta(|meta| {
            let value = match meta.value() {
                Ok(value) => value.parse::<LitStr>()?.value(),
                Err(_) => String::new(),
            };
            let name = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
            found.insert(name, value);
            Ok(())
        })?;
    }
    Ok(found)
}

fn docs(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        })
        .collect();
    lines.join("\n")
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

impl Parse for Payload {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        let body;
        syn::braced!(body in input);
        let mut variants = Vec::new();
        while !body.is_empty() {
            body.parse::<Ident>()?;
            let held;
            syn::parenthesized!(held in body);
            let ty = parse_ty(&held)?;
            body.parse::<Token![=]>()?;
            let events = Punctuated::<LitStr, Token![|]>::parse_separated_nonempty(&body)?;
            body.parse::<Token![;]>()?;
            variants.push((ty, events.iter().map(LitStr::value).collect()));
        }
        input.parse::<Ident>()?;
        let other = parse_ty(input)?;
        let mut listed = Vec::new();
        if input.parse::<Option<Token![=]>>()?.is_some() {
            let events = Punctuated::<LitStr, Token![|]>::parse_separated_nonempty(input)?;
            listed = events.iter().map(LitStr::value).collect();
        }
        Ok(Self { variants, other, listed })
    }
}

fn parse_ty(input: ParseStream<'_>) -> syn::Result<Ty> {
    parse_ty_of(input, &[])
}

/// A type in whose scope there are these type parameters.
fn parse_ty_of(input: ParseStream<'_>, parameters: &[String]) -> syn::Result<Ty> {
    let parsed = input.parse::<Type>()?;
    ty(&parsed, parameters).map_err(|error| input.error(error))
}

/// What both begin with: docs, a name, and a type parameter.
fn parse_head(input: ParseStream<'_>) -> syn::Result<(String, String, Vec<String>)> {
    let docs = docs(&input.call(Attribute::parse_outer)?);
    let name = input.parse::<Ident>()?.to_string();
    let mut parameters = Vec::new();
    if input.parse::<Option<Token![<]>>()?.is_some() {
        parameters.push(input.parse::<Ident>()?.to_string());
        input.parse::<Token![>]>()?;
    }
    Ok((docs, name, parameters))
}

/// `object!`: an object, by what its fields need.
struct Object(Declaration);

impl Parse for Object {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (docs_of_object, name, parameters) = parse_head(input)?;
        let body;
        syn::braced!(body in input);
        let (mut parts, mut fields) = (Vec::new(), Vec::new());
        while !body.is_empty() {
            body.call(Attribute::parse_outer)?;
            let word = body.parse::<Ident>()?;
            if word == "part" {
                body.parse::<Ident>()?;
                body.parse::<Token![:]>()?;
                parts.push(parse_ty_of(&body, &parameters)?);
                body.parse::<Token![;]>()?;
                continue;
            }
            let need = match word.to_string().as_str() {
                "required" => Need::Required,
                "always" => Need::Always,
                "optional" => Need::Optional,
                _ => return Err(syn::Error::new(word.span(), "required, always, optional or part")),
            };
            let group;
            syn::braced!(group in body);
            while !group.is_empty() {
                let docs = docs(&group.call(Attribute::parse_outer)?);
                let mut name = group.parse::<Ident>()?.to_string().trim_start_matches("r#").to_owned();
                if group.parse::<Option<Token![as]>>()?.is_some() {
                    name = group.parse::<LitStr>()?.value();
                }
                group.parse::<Token![:]>()?;
                let ty = parse_ty_of(&group, &parameters)?;
                group.parse::<Token![,]>()?;
                fields.push(Field { name, docs, ty, need });
            }
        }
        let kind = Kind::Struct { parts, fields };
        Ok(Self(Declaration { name, docs: docs_of_object, parameters, kind }))
    }
}

/// `one_of!`: a value of one of several types.
struct OneOf(Declaration);

impl Parse for OneOf {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (docs, name, parameters) = parse_head(input)?;
        let mut variants = Vec::new();
        loop {
            let body;
            syn::braced!(body in input);
            while !body.is_empty() {
                body.call(Attribute::parse_outer)?;
                body.parse::<Ident>()?;
                let held;
                syn::parenthesized!(held in body);
                variants.push(parse_ty_of(&held, &parameters)?);
                body.parse::<Token![,]>()?;
            }
            if input.parse::<Option<Token![else]>>()?.is_none() {
                return Ok(Self(Declaration { name, docs, parameters, kind: Kind::Union(variants) }));
            }
        }
    }
}

struct Words(Declaration);

impl Parse for Words {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let docs_of_set = docs(&input.call(Attribute::parse_outer)?);
        let name = input.parse::<Ident>()?.to_string();
        let body;
        syn::braced!(body in input);
        let mut words = Vec::new();
        while !body.is_empty() {
            let about = docs(&body.call(Attribute::parse_outer)?);
            body.parse::<Ident>()?;
            body.parse::<Token![=]>()?;
            words.push((body.parse::<LitStr>()?.value(), about));
            body.parse::<Token![;]>()?;
        }
        Ok(Self(Declaration { name, docs: docs_of_set, parameters: Vec::new(), kind: Kind::Words(words) }))
    }
}

struct Literal(Declaration);

impl Parse for Literal {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let docs = docs(&input.call(Attribute::parse_outer)?);
        let name = input.parse::<Ident>()?.to_string();
        input.parse::<Token![=]>()?;
        let kind = Kind::Literal(input.parse::<LitStr>()?.value());
        Ok(Self(Declaration { name, docs, parameters: Vec::new(), kind }))
    }
}

//! What to do in which framework: sentences as data, one row for each framework.
//!
//! The sentences about raw bodies in JavaScript's frameworks, axum, Flask, Django, FastAPI, Go and PHP were tried; the
//! others follow the frameworks' documentation.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

/// What a fix is about: which of a framework's sentences belongs to a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    Raw,
    Base64,
    Compression,
    Consumed,
    Limit,
    Headers,
    Secret,
    Scheme,
    Clock,
    /// What a valid delivery holds, which no framework changes.
    Payload,
}

struct Row {
    name: &'static str,
    title: &'static str,
    /// How to get the raw bytes.
    raw: &'static str,
    /// What reads the body before it is verified, and how to prevent that.
    consumed: &'static str,
    /// The size limit, and how to raise it.
    limit: &'static str,
    /// What decompresses bodies, and how to prevent that.
    compression: &'static str,
    /// How to pass the headers.
    headers: &'static str,
    /// Where secrets come from, and what goes wrong there. Empty where `NODE_SECRET` says it.
    secret: &'static str,
}

macro_rules! frameworks {
    ($($variant:ident = $name:literal, $title:literal { $($field:ident: $text:literal,)* })*) => {
        /// The framework that received the delivery, so that a fix can name the code for it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Framework { $(#[doc = $title] $variant,)* }

        impl Framework {
            /// Every framework.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            const fn row(self) -> &'static Row {
                match self { $(Self::$variant => &Row { name: $name, title: $title, $($field: $text),* }),* }
            }
        }
    };
}

const NODE_SECRET: &str = "dotenv strips quotes, `docker --env-file` and most dashboards keep them; `.trim()` removes the line break that a file ends in.";

impl Framework {
    /// The name used in every language, such as `nextjs-app`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The name people use.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.row().title
    }

    pub(crate) fn fix(self, area: Area) -> Option<String> {
        let row = self.row();
        let text = match area {
            Area::Raw | Area::Base64 => row.raw,
            Area::Compression => row.compression,
            Area::Consumed => row.consumed,
            Area::Limit => row.limit,
            Area::Headers => row.headers,
            Area::Secret if row.secret.is_empty() => NODE_SECRET,
            Area::Secret => row.secret,
            Area::Scheme | Area::Clock | Area::Payload => return None,
        };
        Some([row.title, ": ", text].concat())
    }
}

/// Common other names count too, such as `fetch` for `web`.
impl FromStr for Framework {
    type Err = UnknownFramework;

    fn from_str(name: &str) -> Result<Self, UnknownFramework> {
        let name = OTHER_NAMES.iter().find(|(other, _)| *other == name).map_or(name, |(_, name)| *name);
        Self::ALL.iter().copied().find(|framework| framework.name() == name).ok_or(UnknownFramework)
    }
}

impl fmt::Display for Framework {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No framework has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownFramework;

impl fmt::Display for UnknownFramework {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("No framework has this name: `Framework::ALL` lists those that are known.")
    }
}

impl core::error::Error for UnknownFramework {}

const OTHER_NAMES: &[(&str, &str)] = &[
    ("next", "nextjs-app"),
    ("nextjs", "nextjs-app"),
    ("nest", "nestjs"),
    ("h3", "nuxt"),
    ("nitro", "nuxt"),
    ("remix", "react-router"),
    ("adonis", "adonisjs"),
    ("firebase", "google-cloud"),
    ("lambda", "aws-lambda"),
    ("azure", "azure-functions"),
    ("cloudflare", "workers"),
    ("fetch", "web"),
    ("request", "web"),
    ("ruby-on-rails", "rails"),
    ("php", "laravel"),
    ("asp.net", "aspnet"),
    ("dotnet", "aspnet"),
    ("net-http", "go"),
    ("spring-boot", "spring"),
];

frameworks! {
    Express = "express", "Express" {
        raw: "`expressWebhook` of countersign/express, or `app.post(\"/hook\", express.raw({ type: () => true, limit: \"25mb\", inflate: false }), handler)` before `app.use(express.json())`; `req.body` is then the Buffer to verify.",
        consumed: "`express.json()` has read the body first, or `express.raw()` without `type` has skipped JSON: register the route with `express.raw({ type: () => true })` before `app.use(express.json())`.",
        limit: "the default is 100 kB: `express.raw({ type: () => true, limit: \"25mb\" })`.",
        compression: "body parsers decompress bodies by default: `express.raw({ type: () => true, inflate: false })`.",
        headers: "pass `req.headers` as it is.",
        secret: "",
    }
    Fastify = "fastify", "Fastify" {
        raw: "in a plugin of its own: `app.removeAllContentTypeParsers(); app.addContentTypeParser(\"*\", { parseAs: \"buffer\" }, (req, body, done) => done(null, body))`; `request.body` is then the Buffer.",
        consumed: "the JSON parser has read the body first: replace the content type parsers in the route's plugin, with `parseAs: \"buffer\"`.",
        limit: "the default is 1 MiB: set `bodyLimit` on the route.",
        compression: "@fastify/compress decompresses requests: exclude this route with `{ decompress: false }`.",
        headers: "pass `request.headers` as it is.",
        secret: "",
    }
    Koa = "koa", "Koa" {
        raw: "`const raw = await getRawBody(ctx.req, { limit: \"25mb\" })` on a route before the body parser; `ctx.request.rawBody` is text and not the bytes.",
        consumed: "a body parser has read the body first: put the route before that parser.",
        limit: "raise the parser's limit, or `getRawBody(ctx.req, { limit: \"25mb\" })`.",
        compression: "koa-bodyparser decompresses bodies: read `ctx.req` yourself.",
        headers: "pass `ctx.headers` as it is.",
        secret: "",
    }
    Hono = "hono", "Hono" {
        raw: "`new Uint8Array(await c.req.arrayBuffer())`; `c.req.text()` drops a byte order mark and replaces bytes.",
        consumed: "a middleware has read `c.req.raw`: read the body with `c.req.arrayBuffer()` everywhere, which keeps the bytes.",
        limit: "look at the limits of the `bodyLimit` middleware and of the platform.",
        compression: "verify the body before any middleware decompresses it.",
        headers: "pass `c.req.raw.headers`.",
        secret: "read the secret from `c.env` on Workers and from `process.env` on Node, and set it without quotes and line break.",
    }
    NextjsApp = "nextjs-app", "Next.js (route handler)" {
        raw: "`new Uint8Array(await request.arrayBuffer())`; not `request.json()` or `request.text()`.",
        consumed: "a body can be read once: call `request.arrayBuffer()` first, and parse those bytes.",
        limit: "with a proxy or middleware only the first 10 MB are passed on (`proxyClientMaxBodySize`); exclude this path in its matcher.",
        compression: "verify the bytes of `request.arrayBuffer()`, and let no other program read the request before.",
        headers: "pass `request.headers`.",
        secret: "set the secret in `.env.local` without quotes and line break, and restart: values are read at start-up.",
    }
    NextjsPages = "nextjs-pages", "Next.js (pages API)" {
        raw: "`export const config = { api: { bodyParser: false } }` in the file of this route, then `for await (const chunk of req)` and `Buffer.concat`.",
        consumed: "the body parser is on by default: switch it off with `export const config = { api: { bodyParser: false } }`.",
        limit: "the parser's default is 1 MB: switch it off with `bodyParser: false` and read the stream.",
        compression: "switch the body parser off with `bodyParser: false`.",
        headers: "pass `req.headers` as it is.",
        secret: "set the secret in `.env.local` without quotes and line break, and restart: values are read at start-up.",
    }
    SvelteKit = "sveltekit", "SvelteKit" {
        raw: "in `+server.ts`: `new Uint8Array(await request.arrayBuffer())`.",
        consumed: "a hook has read `event.request`: read `event.request.clone()` in hooks.",
        limit: "adapter-node allows 512 kB: set `BODY_SIZE_LIMIT`.",
        compression: "verify the bytes of `request.arrayBuffer()`, and let no other program read the request before.",
        headers: "pass `request.headers`.",
        secret: "read the secret from `$env/static/private` or `$env/dynamic/private`, and set it without quotes and line break.",
    }
    NestJs = "nestjs", "NestJS" {
        raw: "`NestFactory.create(App, { rawBody: true })`, `app.useBodyParser(\"json\", { type: () => true, limit: \"25mb\" })`, then `@Req() req: RawBodyRequest<Request>` and `req.rawBody`.",
        consumed: "`rawBody` is undefined without `NestFactory.create(App, { rawBody: true })`, and for content types that the parser skips.",
        limit: "the default is 100 kB: `app.useBodyParser(\"json\", { type: () => true, limit: \"25mb\" })`.",
        compression: "body parsers decompress bodies by default: pass `inflate: false` to `useBodyParser`.",
        headers: "pass `req.headers` as it is.",
        secret: "ConfigService gives the secret as it was set: set it without quotes and line break.",
    }
    Nuxt = "nuxt", "Nuxt" {
        raw: "`new Uint8Array(await toWebRequest(event).arrayBuffer())`, or `readRawBody(event, false)`; with h3 2, `event.req.arrayBuffer()`.",
        consumed: "with h3 2 a body can be read once: read `event.req.clone()` in middleware; h3 1 keeps the bytes.",
        limit: "look at the limits of the platform that Nitro is deployed to.",
        compression: "verify the bytes of `toWebRequest(event)`, and let no other program read the request before.",
        headers: "pass `toWebRequest(event).headers`.",
        secret: "`useRuntimeConfig(event)` gives the secret as it was set in `NUXT_…`: set it without quotes and line break.",
    }
    Astro = "astro", "Astro" {
        raw: "in an endpoint with `prerender = false`: `new Uint8Array(await request.arrayBuffer())`.",
        consumed: "a middleware has read the request: read `context.request.clone()` there.",
        limit: "look at the limits of the adapter and the platform.",
        compression: "verify the bytes of `request.arrayBuffer()`, and let no other program read the request before.",
        headers: "pass `request.headers`.",
        secret: "read the secret from `astro:env/server`, and set it without quotes and line break.",
    }
    ReactRouter = "react-router", "React Router" {
        raw: "in the action of a resource route: `new Uint8Array(await request.arrayBuffer())`.",
        consumed: "a middleware or the server in front has read the request: read `request.clone()` there, and put no `express.json()` before the handler of React Router.",
        limit: "look at the limits of the server in front of React Router.",
        compression: "verify the bytes of `request.arrayBuffer()`, and let no other program read the request before.",
        headers: "pass `request.headers`.",
        secret: "",
    }
    Elysia = "elysia", "Elysia" {
        raw: "`({ request }) => request.arrayBuffer()` in a route with `{ parse: \"none\" }`.",
        consumed: "Elysia reads the body where a handler takes its whole context: give the route `{ parse: \"none\" }`.",
        limit: "`maxRequestBodySize` in `serve` is 128 MB: look at the limits of proxies in front of it.",
        compression: "verify the bytes of `request.arrayBuffer()`, and let no other program read the request before.",
        headers: "pass `request.headers`.",
        secret: "",
    }
    AdonisJs = "adonisjs", "AdonisJS" {
        raw: "read `ctx.request.request`, Node's own request, in a server middleware: that runs before the body parser.",
        consumed: "the body parser has read the body first: receive in a middleware of `server.use`, before those of `router.use`.",
        limit: "the body parser's default is 1 MB: receive in a server middleware.",
        compression: "the body parser decompresses bodies: receive in a server middleware.",
        headers: "pass `ctx.request.headers()`.",
        secret: "`env.get(name)` gives the secret as it was set: set it without quotes and line break.",
    }
    GoogleCloud = "google-cloud", "Google Cloud Functions" {
        raw: "`req.rawBody`, the Buffer that the platform keeps; Firebase's `onRequest` has it too.",
        consumed: "the platform reads each body before the function: take `req.rawBody`.",
        limit: "the platform allows 32 MB, in its first generation 10 MB.",
        compression: "the platform decompresses bodies before the function: let nothing compress this request on its way.",
        headers: "pass `req.headers` as it is.",
        secret: "Secret Manager gives what was saved, with a line break if the file had one: `printf %s` saves it without.",
    }
    AwsLambda = "aws-lambda", "AWS Lambda" {
        raw: "`Buffer.from(event.body ?? \"\", event.isBase64Encoded ? \"base64\" : \"utf8\")`, and no jsonBodyParser of middy before that.",
        consumed: "pass `event.body`, not the event; where the event has no body, look at the integration's mapping template.",
        limit: "API Gateway allows 10 MB, a Lambda function 6 MB.",
        compression: "API Gateway's contentHandling and minimumCompressionSize change bodies: switch them off, and decode base64 when `event.isBase64Encoded`.",
        headers: "pass `event.headers`, or join `event.multiValueHeaders`; a mapping template must pass all headers.",
        secret: "Secrets Manager gives JSON where the secret was saved as key and value: take the field; Parameter Store keeps a line break.",
    }
    AzureFunctions = "azure-functions", "Azure Functions" {
        raw: "v4: `new Uint8Array(await request.arrayBuffer())`; v3's `req.rawBody` is decoded text.",
        consumed: "a body can be read once: call `request.arrayBuffer()` first.",
        limit: "the platform allows 100 MB (`FUNCTIONS_REQUEST_BODY_SIZE_LIMIT`): look at the limits of gateways in front of it.",
        compression: "verify the bytes of `request.arrayBuffer()`, and let no other program read the request before.",
        headers: "pass `request.headers`.",
        secret: "application settings keep quotes and line breaks: set the secret without them.",
    }
    Workers = "workers", "Cloudflare Workers" {
        raw: "`new Uint8Array(await request.arrayBuffer())`; `text()` drops a byte order mark and replaces bytes.",
        consumed: "a body can be read once: call `request.arrayBuffer()` first, or give the other reader `request.clone()`.",
        limit: "look at the limits of the services in front of the Worker.",
        compression: "verify the bytes of `request.arrayBuffer()`; a Worker before this one must pass the request on unread.",
        headers: "pass `request.headers`.",
        secret: "`wrangler secret put` keeps the line break that a pipe gives it: use `printf %s`; `.dev.vars` needs no quotes.",
    }
    Deno = "deno", "Deno" {
        raw: "`new Uint8Array(await request.arrayBuffer())`.",
        consumed: "a body can be read once: call `request.arrayBuffer()` first.",
        limit: "look at the limits of proxies in front of it.",
        compression: "verify the bytes of `request.arrayBuffer()`, and let no other program read the request before.",
        headers: "pass `request.headers`.",
        secret: "`Deno.env.get(name)?.trim()`; a secret that is read from a file ends in a line break.",
    }
    Bun = "bun", "Bun" {
        raw: "`new Uint8Array(await request.arrayBuffer())`.",
        consumed: "a body can be read once: call `request.arrayBuffer()` first.",
        limit: "`maxRequestBodySize` of `Bun.serve` is 128 MB: look at the limits of proxies in front of it.",
        compression: "verify the bytes of `request.arrayBuffer()`, and let no other program read the request before.",
        headers: "pass `request.headers`.",
        secret: "",
    }
    Web = "web", "Fetch API" {
        raw: "`new Uint8Array(await request.arrayBuffer())`; `text()` drops a byte order mark and replaces bytes, and `json()` keeps no bytes at all.",
        consumed: "a body can be read once: call `request.arrayBuffer()` first, or give the other reader `request.clone()`.",
        limit: "look at the limits of the platform and of proxies in front of it.",
        compression: "verify the bytes of `request.arrayBuffer()`, and let no other program read the request before.",
        headers: "pass `request.headers`.",
        secret: "",
    }
    Axum = "axum", "axum" {
        raw: "`async fn hook(headers: HeaderMap, body: Bytes)`; not `Json` or `String`.",
        consumed: "the extractor that comes last takes the body: take `Bytes`, verify them, and parse them after that.",
        limit: "the default is 2 MB: `DefaultBodyLimit::max(…)` on the route.",
        compression: "`RequestDecompressionLayer` changes the bytes: exclude this route from it.",
        headers: "pass `&headers`, the `HeaderMap`.",
        secret: "`std::env::var` gives the secret as it was set: set it without quotes, and `trim()` a secret that is read from a file.",
    }
    Actix = "actix", "Actix Web" {
        raw: "`body: web::Bytes`; not `web::Json`.",
        consumed: "another extractor or middleware has taken the payload: take `web::Bytes` first.",
        limit: "the default is 256 KiB: `.app_data(web::PayloadConfig::new(1 << 20))`.",
        compression: "`web::Bytes` decompresses the body: refuse a Content-Encoding other than identity, or read `web::Payload`.",
        headers: "pass the pairs of `request.headers()`.",
        secret: "`std::env::var` gives the secret as it was set: set it without quotes, and `trim()` a secret that is read from a file.",
    }
    Django = "django", "Django" {
        raw: "`request.body`, before any code reads `request.POST` or `request.data`.",
        consumed: "`request.body` cannot be read after the stream was read: read `request.body` first; with REST framework, before `request.data`.",
        limit: "the default of `DATA_UPLOAD_MAX_MEMORY_SIZE` is 2.5 MB: raise it.",
        compression: "verify `request.body` before any middleware decompresses it.",
        headers: "pass `request.headers`; `request.META` has other names (`HTTP_…`).",
        secret: "`os.environ[…].strip()`; django-environ and python-dotenv strip quotes, Docker does not.",
    }
    Flask = "flask", "Flask" {
        raw: "`request.get_data()` before `request.form`; not `request.json`.",
        consumed: "after `request.form`, or after the stream was read, no bytes are left: call `request.get_data()` first.",
        limit: "raise `MAX_CONTENT_LENGTH`, and look at the proxy's limit.",
        compression: "verify `request.get_data()` before any program decompresses it.",
        headers: "pass `request.headers.items()`; `request.environ` has other names (`HTTP_…`).",
        secret: "`os.environ[…].strip()`; python-dotenv strips quotes, Docker does not.",
    }
    FastApi = "fastapi", "FastAPI" {
        raw: "`async def hook(request: Request): body = await request.body()`; no Pydantic parameter for the body.",
        consumed: "a BaseHTTPMiddleware has read the body, and the route gets none: read `await request.body()` in the route.",
        limit: "look at the proxy's limit; Starlette has none.",
        compression: "verify `await request.body()` before any program decompresses it.",
        headers: "pass `request.headers.items()`.",
        secret: "`os.environ[…].strip()`; python-dotenv strips quotes, Docker does not.",
    }
    Rails = "rails", "Rails" {
        raw: "`request.raw_post`; not `params.to_json`.",
        consumed: "use `request.raw_post`, which rewinds the stream; after `request.body.read` call `request.body.rewind`.",
        limit: "look at the proxy's limit (nginx `client_max_body_size`).",
        compression: "look for a middleware that decompresses requests (Rack::Deflater compresses answers only).",
        headers: "`request.headers[\"…\"]` finds both spellings; `request.env` has other names (`HTTP_…`).",
        secret: "`ENV.fetch(…).strip`, or Rails credentials without quotes around multi-line text.",
    }
    Laravel = "laravel", "Laravel and PHP" {
        raw: "`$request->getContent()` (plain PHP: `file_get_contents(\"php://input\")`); not `json_encode($request->all())`.",
        consumed: "`php://input` is empty for multipart forms, and `$_POST` is empty for JSON: use `$request->getContent()`.",
        limit: "look at `post_max_size` (8 MB) and nginx `client_max_body_size` (1 MB).",
        compression: "mod_deflate's input filter changes bodies: exclude this path from it.",
        headers: "pass `$request->headers->all()` or `getallheaders()`; `$_SERVER` has other names (`HTTP_…`).",
        secret: "`trim(config(\"services.….secret\"))`; after a change run `php artisan config:clear`.",
    }
    Spring = "spring", "Spring" {
        raw: "`@RequestBody byte[] body`; not a `Map`, a record or a `String`.",
        consumed: "a filter has read the stream: wrap the request so that it can be read again, or verify in that filter.",
        limit: "look at `server.tomcat.max-http-form-post-size` and the proxy's limit.",
        compression: "verify the `byte[]` before any filter decompresses it.",
        headers: "pass `@RequestHeader HttpHeaders headers`.",
        secret: "`application.yml` strips quotes, `application.properties` keeps them; both can keep a space at the end.",
    }
    AspNet = "aspnet", "ASP.NET Core" {
        raw: "read `Request.Body` with `CopyToAsync` into a `MemoryStream` and verify `ToArray()`; no `[FromBody]` model.",
        consumed: "model binding has read the stream: call `Request.EnableBuffering()` in a middleware, and set `Request.Body.Position = 0`.",
        limit: "Kestrel and IIS allow 30 MB: look at the limits of proxies in front of the program.",
        compression: "`UseRequestDecompression` changes the bytes: exclude this path from it.",
        headers: "pass `Request.Headers`.",
        secret: "user secrets and `appsettings.json` hold JSON: the quotes around the value are not part of the secret, escaped quotes in it are.",
    }
    Go = "go", "Go net/http" {
        raw: "`body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))` before any `json.Decoder`.",
        consumed: "`r.Body` can be read once: put `io.NopCloser(bytes.NewReader(body))` back for the next reader.",
        limit: "raise the limit of `http.MaxBytesReader` or of `io.LimitReader`, which cuts silently.",
        compression: "verify the body before any middleware decompresses it.",
        headers: "pass `r.Header`.",
        secret: "`strings.TrimSpace(os.Getenv(…))`; Docker's `--env-file` keeps quotes.",
    }
}

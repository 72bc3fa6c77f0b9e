//! How each sender writes JSON: tried first, and evidence where a body is written otherwise.

use super::reformat::{ASCII, COMPACT, Order, RAW, SPACED, Spacing, Strings, TWO};

/// A sender's habits.
pub(super) struct Habits {
    pub(super) spacing: Spacing,
    pub(super) strings: Strings,
    /// Keys whose numbers are always floating-point.
    pub(super) floats: &'static [&'static str],
    /// The order of keys, one list for each kind of event.
    pub(super) orders: &'static [Order<'static>],
    /// Keys of one object (mostly the outermost), in their order, where that is certain.
    pub(super) envelope: &'static [&'static str],
}

pub(super) fn habits(provider: &str) -> Habits {
    match provider {
        "plane" => PLANE,
        "stripe" => STRIPE,
        "resend" => RESEND,
        "planeconnection" => PLANECONNECTION,
        "planasonix" => PLANASONIX,
        "plandocket" => PLANDOCKET,
        "svix" | "standard-webhooks" => STANDARD,
        "github" => GITHUB,
        _ => UNKNOWN,
    }
}

const UNKNOWN: Habits = Habits { spacing: COMPACT, strings: RAW, floats: &[], orders: &[], envelope: &[] };

/// Python's `json.dumps`. Orders of v1.3.1 and before.
const PLANE: Habits = Habits {
    spacing: SPACED,
    strings: ASCII,
    floats: &["sort_order"],
    orders: &[Order::Known(PLANE_ISSUE), Order::Known(PLANE_PROJECT), Order::Known(PLANE_COMMENT)],
    envelope: &["event", "action", "webhook_id", "workspace_id", "workspace_slug", "data", "activity"],
};

#[rustfmt::skip]
const PLANE_ISSUE: &[&str] = &[
    "event", "action", "webhook_id", "workspace_id", "workspace_slug", "data", "field", "new_value", "old_value", "actor",
    "old_identifier", "new_identifier", "id", "first_name", "last_name", "email", "avatar", "avatar_url", "display_name",
    "labels", "assignees", "state", "description", "created_at", "updated_at", "deleted_at", "point", "name",
    "description_json", "description_html", "description_stripped", "description_binary", "priority", "start_date",
    "target_date", "sequence_id", "sort_order", "completed_at", "archived_at", "is_draft", "external_source", "external_id",
    "created_by", "updated_by", "project", "workspace", "parent", "estimate_point", "type", "activity",
];

#[rustfmt::skip]
const PLANE_PROJECT: &[&str] = &[
    "event", "action", "webhook_id", "workspace_id", "workspace_slug", "data", "field", "new_value", "old_value", "actor",
    "old_identifier", "new_identifier", "id", "first_name", "last_name", "email", "avatar", "avatar_url", "display_name",
    "cover_image_url", "created_at", "updated_at", "deleted_at", "name", "description", "description_text",
    "description_html", "start_date", "end_date", "target_date", "status", "network", "identifier", "emoji", "icon_prop",
    "module_view", "cycle_view", "issue_views_view", "page_view", "intake_view", "is_time_tracking_enabled",
    "is_issue_type_enabled", "guest_view_all_features", "cover_image", "archive_in", "close_in", "view_props", "sort_order",
    "external_source", "external_id", "progress_snapshot", "logo_props", "archived_at", "timezone", "version", "created_by",
    "updated_by", "project", "workspace", "owned_by", "lead", "members", "default_assignee", "project_lead",
    "cover_image_asset", "estimate", "default_state", "activity",
];

#[rustfmt::skip]
const PLANE_COMMENT: &[&str] = &[
    "event", "action", "webhook_id", "workspace_id", "workspace_slug", "data", "field", "new_value", "old_value", "id",
    "first_name", "last_name", "email", "avatar", "avatar_url", "display_name", "created_at", "updated_at", "deleted_at",
    "comment_html", "attachments", "access", "external_source", "external_id", "edited_at", "created_by", "updated_by",
    "project", "workspace", "description", "issue", "actor", "old_identifier", "new_identifier", "parent", "activity",
];

/// Indented; in every object `id` and `object` first, the others sorted.
const STRIPE: Habits = Habits {
    spacing: TWO,
    strings: RAW,
    floats: &[],
    orders: &[Order::KnownThenSorted(&["id", "object"])],
    envelope: &["id", "object", "api_version", "created", "data", "livemode", "pending_webhooks", "request", "type"],
};

const RESEND: Habits = Habits {
    spacing: COMPACT,
    strings: RAW,
    floats: &[],
    orders: &[Order::Known(&[
        "type",
        "email_id",
        "created_at",
        "from",
        "to",
        "subject",
        "broadcast_id",
        "template_id",
        "tags",
        "headers",
        "message_id",
        "data",
    ])],
    envelope: &["type", "created_at", "data"],
};

const PLANECONNECTION: Habits = Habits {
    spacing: COMPACT,
    strings: RAW,
    floats: &[],
    orders: &[Order::Known(&[
        "id",
        "type",
        "workspace_id",
        "timestamp",
        "data",
        "trip_id",
        "trip_type",
        "status",
        "origin",
        "destination",
        "departure_date",
        "aircraft_id",
        "created_by",
    ])],
    envelope: &["id", "type", "workspace_id", "timestamp", "data"],
};

const PLANASONIX: Habits = Habits { orders: &[Order::Known(&["event_id", "event", "occurred_at", "data"])], ..UNKNOWN };

const PLANDOCKET: Habits =
    Habits { orders: &[Order::Known(&["event", "type", "id", "created_at", "data"])], ..UNKNOWN };

/// The specification's example.
const STANDARD: Habits = Habits { orders: &[Order::Known(&["type", "timestamp", "data"])], ..UNKNOWN };

/// Of its users and accounts.
const GITHUB: Habits = Habits { envelope: &["login", "id", "node_id", "avatar_url"], ..UNKNOWN };

/// An order in which many write the keys of an event.
#[rustfmt::skip]
pub(super) const USUAL: &[&str] = &[
    "event_id", "id", "object", "api_version", "event", "event_type", "type", "action", "kind", "status", "number", "name",
    "first_name", "last_name", "email", "phone", "title", "description", "amount", "currency", "customer_id", "customer",
    "user_id", "user", "order_id", "order", "sku", "qty", "quantity", "price", "total", "tax", "url", "created", "created_at",
    "createdAt", "updated_at", "updatedAt", "timestamp", "occurred_at", "items", "tags", "note", "livemode", "data", "payload",
    "metadata",
];

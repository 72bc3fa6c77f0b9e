//! How each sender writes JSON: tried first, and evidence where a body is written otherwise.

use crate::json::styles::{ASCII, COMPACT, RAW, SPACED, Spacing, Strings, TWO};

/// A sender's habits.
pub(crate) struct Habits {
    pub(crate) spacing: Spacing,
    pub(crate) strings: Strings,
    /// Keys whose numbers are always floating-point.
    pub(crate) floats: &'static [&'static str],
    /// The order of keys: names, with a bar between those of different kinds of objects.
    pub(crate) order: &'static str,
    /// Whether keys that are not in the list come sorted after it.
    pub(crate) others_sorted: bool,
    /// Whether it always sends something, and in this style.
    pub(crate) sure: bool,
}

pub(crate) fn habits(provider: &str) -> Habits {
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

const UNKNOWN: Habits =
    Habits { spacing: COMPACT, strings: RAW, floats: &[], order: "", others_sorted: false, sure: false };

/// Python's `json.dumps`. Orders of v1.3.1 and before, and of version 2.
const PLANE: Habits = Habits {
    spacing: SPACED,
    strings: ASCII,
    floats: &["sort_order"],
    order: "event action webhook_id workspace_id workspace_slug data activity|field new_value old_value actor \
    old_identifier new_identifier|id first_name last_name email avatar avatar_url display_name|id labels assignees \
    state description created_at updated_at deleted_at point name description_json description_html \
    description_stripped description_binary priority start_date target_date sequence_id sort_order completed_at \
    archived_at is_draft external_source external_id created_by updated_by project workspace parent estimate_point \
    type|id cover_image_url created_at updated_at deleted_at name description description_text description_html \
    start_date end_date target_date status network identifier emoji icon_prop module_view cycle_view \
    issue_views_view page_view intake_view is_time_tracking_enabled is_issue_type_enabled guest_view_all_features \
    cover_image archive_in close_in view_props sort_order external_source external_id progress_snapshot logo_props \
    archived_at timezone version created_by updated_by project workspace owned_by lead members default_assignee \
    project_lead cover_image_asset estimate default_state|id created_at updated_at deleted_at comment_html \
    attachments access external_source external_id edited_at created_by updated_by project workspace description \
    issue actor parent|version delivery_id event_id entity_id entity_type event webhook_id workspace_id data \
    previous_attributes",
    others_sorted: false,
    sure: true,
};

/// Indented; in every object `id` and `object` first, the others sorted.
const STRIPE: Habits = Habits { spacing: TWO, order: "id object", others_sorted: true, sure: true, ..UNKNOWN };

const RESEND: Habits = Habits {
    order: "type created_at data|email_id broadcast_id created_at from to cc bcc message_id subject template_id headers \
    tags bounce click failed suppressed attachments|message type subType reason diagnosticCode| ipAddress link \
    timestamp userAgent|id audience_id segment_ids created_at updated_at email first_name last_name \
    unsubscribed",
    sure: true,
    ..UNKNOWN
};

const PLANECONNECTION: Habits = Habits {
    order: "id type workspace_id timestamp data|trip_id trip_type status origin destination departure_date aircraft_id \
    created_by",
    sure: true,
    ..UNKNOWN
};

const PLANASONIX: Habits = Habits { order: "event_id event occurred_at data", ..UNKNOWN };

const PLANDOCKET: Habits = Habits { order: "event type id created_at data", ..UNKNOWN };

/// The specification's example.
const STANDARD: Habits = Habits { order: "type timestamp data", ..UNKNOWN };

/// Pings, pushes and issues; users and repositories are in most others too.
const GITHUB: Habits = Habits {
    order: "zen hook_id hook repository sender|type id name active events config|content_type insecure_ssl url|ref before \
    after created deleted forced base_ref compare commits head_commit repository organization pusher sender|action \
    number issue pull_request ref before after repository pusher organization installation \
    sender created deleted forced base_ref compare commits head_commit|login id node_id avatar_url gravatar_id url \
    html_url type site_admin|id node_id name full_name private owner html_url description fork url created_at \
    updated_at pushed_at homepage size stargazers_count language forks open_issues watchers default_branch|url \
    repository_url html_url id node_id number title user labels state locked assignee assignees milestone comments \
    created_at updated_at closed_at author_association body",
    sure: true,
    ..UNKNOWN
};

/// Orders in which many write the keys of an event and of its items.
pub(crate) const USUAL: &str = "event_id id object api_version event type action status name first_name last_name email \
    title description amount currency customer user order_id order quantity price total \
    tax url created created_at createdAt updated_at updatedAt timestamp occurred_at items tags note livemode data \
    payload metadata|sku qty quantity price title";

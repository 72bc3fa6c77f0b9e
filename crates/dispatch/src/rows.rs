//! Reading rows: the columns stand in the same order in the statements of both stores.

/// Reads a row of `CLAIM`.
macro_rules! claimed {
    ($row:ident, $get:ident) => {
        Ok(Claimed {
            lease: Lease { id: $row.$get(0)?, attempt: $row.$get(1)? },
            uncounted: $row.$get(2)?,
            delivery: NewDelivery {
                event_id: $row.$get(3)?,
                endpoint_id: $row.$get(4)?,
                event_type: $row.$get(5)?,
                body: $row.$get(6)?,
                test: $row.$get(7)?,
            },
        })
    };
}
pub(crate) use claimed;

/// Reads a row of `LOG`: an entry and the beginning of its body.
macro_rules! entry {
    ($row:ident, $get:ident) => {{
        let entry = LogEntry {
            id: $row.$get(0)?,
            event_id: $row.$get(1)?,
            endpoint_id: $row.$get(2)?,
            event_type: $row.$get(3)?,
            status: DeliveryStatus::from($row.$get::<_, String>(4)?),
            attempt: $row.$get(5)?,
            test: $row.$get(6)?,
            created_ms: $row.$get(7)?,
            due_ms: $row.$get(8)?,
            response_status: $row.$get(9)?,
            duration: $row.$get::<_, Option<i64>>(10)?.map(|ms| Duration::from_millis(ms.unsigned_abs())),
            error: $row.$get(11)?,
            response_preview: $row.$get(12)?,
            body_preview: String::new(),
        };
        Ok((entry, $row.$get(13)?))
    }};
}
pub(crate) use entry;

//! What binds, in exact arithmetic: the draw within the zone that the points cannot order.

pub mod lottery;

//! Rankings: the proposals of a call in the order of their weighted totals, with every reason for their place.

pub mod rules;

//! Organisations: SMEs, clusters, agencies, research bodies and the people in them.

pub mod commands;

pub mod cluster_membership;
pub mod label;

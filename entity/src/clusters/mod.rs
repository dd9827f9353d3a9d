pub mod cluster_membership;
pub mod label;
pub mod member_import;

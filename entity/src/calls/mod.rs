pub mod annex;
pub mod call;
pub mod corrigendum;

pub mod decision;
pub mod decision_list;
pub mod decision_summary;
pub mod decline;
pub mod stranded_choice;

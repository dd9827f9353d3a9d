pub mod eligibility_check;

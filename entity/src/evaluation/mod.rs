pub mod agreed_score;
pub mod assignment;
pub mod conflict;
pub mod evaluator;
pub mod ranking;
pub mod ranking_line;
pub mod score;

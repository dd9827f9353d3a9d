pub mod account;
pub mod api_token;
pub mod credential;
pub mod invitation;
pub mod one_time_token;
pub mod role_grant;
pub mod session;

//! An amount of money as it travels.

use entity::types::money::Money;
use poem_openapi::Object;

/// An amount with its currency: `{ "amount": "12000.00", "currency": "EUR" }`.
#[derive(Object)]
pub struct AmountOut {
    /// Example: 12000.00
    pub amount: String,
    /// Example: EUR
    pub currency: String,
}

impl From<Money> for AmountOut {
    fn from(money: Money) -> Self {
        Self { amount: money.amount(), currency: money.currency.code().to_owned() }
    }
}

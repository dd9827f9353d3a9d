//! Money as programs read and write it.

use entity::types::money::Money;
use poem_openapi::Object;

/// An amount with its currency.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct Amount {
    /// With a point and all decimals, for example `1234.50`.
    pub amount: String,
    /// ISO 4217, for example `EUR`.
    pub currency: String,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self { amount: money.amount(), currency: money.currency.code().to_owned() }
    }
}

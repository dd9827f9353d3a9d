//! Money: minor units and their currency. No float, no silent mixing of currencies.

use super::{BadValue, decimal, share::Share};
use sea_orm::{DeriveActiveEnum, EnumIter, prelude::StringLen};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A currency agencies keep their books in (ISO 4217).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(3))", rename_all = "UPPERCASE")]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    Eur,
    Dkk,
    Nok,
    Sek,
    Isk,
    Pln,
    Czk,
    Gbp,
    Chf,
    Usd,
}

impl Currency {
    pub const ALL: [Self; 10] =
        [Self::Eur, Self::Dkk, Self::Nok, Self::Sek, Self::Isk, Self::Pln, Self::Czk, Self::Gbp, Self::Chf, Self::Usd];

    /// The ISO 4217 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Eur => "EUR",
            Self::Dkk => "DKK",
            Self::Nok => "NOK",
            Self::Sek => "SEK",
            Self::Isk => "ISK",
            Self::Pln => "PLN",
            Self::Czk => "CZK",
            Self::Gbp => "GBP",
            Self::Chf => "CHF",
            Self::Usd => "USD",
        }
    }

    /// Number of decimals of the minor unit (ISO 4217: the Icelandic krona has none).
    pub fn decimals(self) -> u32 {
        match self {
            Self::Isk => 0,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = BadValue;
    fn from_str(text: &str) -> Result<Self, BadValue> {
        Self::ALL
            .into_iter()
            .find(|c| c.code().eq_ignore_ascii_case(text.trim()))
            .ok_or_else(|| BadValue::new(format!("“{text}” is not a currency Fairway knows")))
    }
}

/// An amount in minor units (cents, öre) of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

/// Two amounts of different currencies met, or a sum left the range of 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("amounts in {0} and {1} cannot be added")]
    Mixed(Currency, Currency),
    #[error("the amount is too large")]
    TooLarge,
}

impl Money {
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    pub fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Reads an amount such as `1 234,50`; at most a million million units, never negative.
    ///
    /// # Errors
    /// When the text is not a number, negative, too precise or too large.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, BadValue> {
        let minor = decimal::parse(text, currency.decimals())?;
        if minor < 0 {
            return Err(BadValue::new("Enter an amount that is not negative"));
        }
        if minor > 100_000_000_000_000 {
            return Err(BadValue::new("The amount is too large"));
        }
        Ok(Self { minor, currency })
    }

    /// # Errors
    /// When the currencies differ or the sum overflows.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Self { minor, ..self })
    }

    /// # Errors
    /// When the currencies differ or the difference overflows.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Self { minor, ..self })
    }

    fn same(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency { Ok(()) } else { Err(MoneyError::Mixed(self.currency, other.currency)) }
    }

    /// This share of the amount, rounded down to the minor unit.
    pub fn times(self, share: Share) -> Self {
        let minor = i128::from(self.minor) * i128::from(share.basis_points()) / 10_000;
        Self { minor: i64::try_from(minor).unwrap_or(i64::MAX), ..self }
    }

    /// Splits the amount by shares; the cents left over go to the largest remainders, so none is lost
    /// when the shares add up to the whole.
    pub fn split(self, shares: &[Share]) -> Vec<Self> {
        let total: i128 = shares.iter().map(|s| i128::from(s.basis_points())).sum();
        if total == 0 {
            return shares.iter().map(|_| Self::zero(self.currency)).collect();
        }
        let exact: Vec<i128> = shares.iter().map(|s| i128::from(self.minor) * i128::from(s.basis_points())).collect();
        let mut parts: Vec<i128> = exact.iter().map(|e| e / total).collect();
        let mut order: Vec<usize> = (0..shares.len()).collect();
        order.sort_by_key(|&i| (-(exact[i] % total), i));
        let mut left = i128::from(self.minor) - parts.iter().sum::<i128>();
        for i in order {
            if left <= 0 {
                break;
            }
            parts[i] += 1;
            left -= 1;
        }
        parts.into_iter().map(|p| Self::new(i64::try_from(p).unwrap_or(i64::MAX), self.currency)).collect()
    }

    /// The amount in another currency at a fixed rate, rounded half up to the minor unit.
    pub fn to(self, currency: Currency, rate: Rate) -> Self {
        let up = 10i128.pow(currency.decimals());
        let down = 10i128.pow(self.currency.decimals()) * 1_000_000;
        let exact = i128::from(self.minor) * i128::from(rate.micros) * up;
        let minor = (exact * 2 + down) / (down * 2);
        Self::new(i64::try_from(minor).unwrap_or(i64::MAX), currency)
    }

    /// The amount with a point and all decimals, without the currency: `1234.50`.
    pub fn amount(self) -> String {
        decimal::fixed(self.minor, self.currency.decimals())
    }

    /// The share this amount is of another, in basis points, rounded up (a limit must not be passed by a cent).
    pub fn share_of(self, whole: Self) -> Option<u64> {
        if whole.minor <= 0 || self.minor < 0 {
            return None;
        }
        let up = i128::from(self.minor) * 10_000 + i128::from(whole.minor) - 1;
        u64::try_from(up / i128::from(whole.minor)).ok()
    }
}

impl fmt::Display for Money {
    /// `450 000 EUR`; cents only where there are some; spaces do not break.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10i64.pow(self.currency.decimals());
        let whole = decimal::grouped(self.minor / unit);
        let cents = (self.minor % unit).abs();
        let sign = if self.minor < 0 && self.minor / unit == 0 { "-" } else { "" };
        if cents == 0 {
            write!(f, "{sign}{whole}\u{a0}{}", self.currency)
        } else {
            write!(f, "{sign}{whole}.{cents:02}\u{a0}{}", self.currency)
        }
    }
}

#[derive(Serialize, Deserialize)]
struct MoneyText {
    amount: String,
    currency: Currency,
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        MoneyText { amount: self.amount(), currency: self.currency }.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = MoneyText::deserialize(from)?;
        Self::parse(&text.amount, text.currency).map_err(serde::de::Error::custom)
    }
}

/// What one unit of an agency's currency is worth in the call's currency, in millionths, fixed on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub micros: i64,
}

impl Rate {
    pub const ONE: Self = Self { micros: 1_000_000 };

    /// # Errors
    /// When the text is no positive number with at most six decimals.
    pub fn parse(text: &str) -> Result<Self, BadValue> {
        let micros = decimal::parse(text, 6)?;
        if micros <= 0 {
            return Err(BadValue::new("Enter a rate above zero"));
        }
        Ok(Self { micros })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal::plain(self.micros, 6))
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&super::share::number_text(from)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_loses_no_cent() {
        let shares: Vec<Share> = [3_333, 3_333, 3_334].into_iter().map(Share::from_basis_points).collect();
        for minor in [0, 1, 2, 100, 101, 9_999, 1_000_001] {
            let parts = Money::new(minor, Currency::Eur).split(&shares);
            assert_eq!(parts.iter().map(|m| m.minor).sum::<i64>(), minor);
        }
    }

    #[test]
    fn amounts_are_written_for_people() {
        assert_eq!(Money::new(45_000_000, Currency::Eur).to_string(), "450\u{a0}000\u{a0}EUR");
        assert_eq!(Money::new(123_405, Currency::Nok).to_string(), "1\u{a0}234.05\u{a0}NOK");
        assert_eq!(Money::new(1200, Currency::Isk).to_string(), "1\u{a0}200\u{a0}ISK");
    }

    #[test]
    fn rates_convert_with_half_up() {
        let rate = Rate::parse("0.1344").unwrap();
        assert_eq!(Money::new(25_000_000, Currency::Dkk).to(Currency::Eur, rate).minor, 3_360_000);
    }

    #[test]
    fn currencies_do_not_mix() {
        let mixed = Money::new(1, Currency::Eur).checked_add(Money::new(1, Currency::Sek));
        assert_eq!(mixed, Err(MoneyError::Mixed(Currency::Eur, Currency::Sek)));
    }
}

//! How the figures of many parts become one.

use entity::types::terms::KpiUnit;

/// Targets and readings of parts taken together: counts and money add up, percentages are averaged.
pub fn together(unit: KpiUnit, values: &[i64]) -> Option<i64> {
    if values.is_empty() {
        return None;
    }
    let sum: i64 = values.iter().sum();
    Some(match unit {
        KpiUnit::Count | KpiUnit::Money => sum,
        KpiUnit::Percent => {
            let n = i64::try_from(values.len()).unwrap_or(1);
            (sum * 2 + n) / (n * 2)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_and_percentages_are_averaged() {
        assert_eq!(together(KpiUnit::Count, &[3, 4]), Some(7));
        assert_eq!(together(KpiUnit::Percent, &[70, 71]), Some(71));
        assert_eq!(together(KpiUnit::Percent, &[]), None);
    }
}

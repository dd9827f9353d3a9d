//! Every page of the area.

use super::{
    agreement, assignments, calibration, conflicts, consensus, evaluators, imports, panels, plans, rankings,
    recruitment, register, scores, training, wishes,
};
use crate::web::Pages;

/// The pages of the pool, of assignments, sheets and rankings.
pub fn routes(pages: Pages) -> Pages {
    let features: &[fn(Pages) -> Pages] = &[
        evaluators::pages::routes,
        imports::pages::routes,
        conflicts::pages::routes,
        recruitment::pages::routes,
        assignments::pages::routes,
        wishes::pages::routes,
        plans::pages::routes,
        scores::pages::routes,
        training::pages::routes,
        calibration::pages::routes,
        agreement::pages::routes,
        consensus::pages::routes,
        panels::pages::routes,
        rankings::pages::routes,
        register::pages::routes,
    ];
    features.iter().fold(pages, |pages, routes| routes(pages))
}

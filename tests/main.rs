//! Every test of the platform in one program.

#![allow(dead_code, reason = "scenes are shared by tests that do not need every field")]

#[macro_use]
mod support;

mod architecture;

mod contracts {
    mod data_classes;
    mod html;
    mod invariants;
    mod licences;
    mod mails;
    mod openapi;
    mod pages;
    mod paths;
    mod permissions;
    mod routes;
    mod schema;
    mod snapshots;
    mod tables;
    mod world;
}

mod accounts {
    mod invitations;
    mod registration;
    mod roles;
    mod sessions;
    mod tokens;
}
mod clusters {
    mod labels;
    mod members;
}
mod organisations;

mod documents {
    mod files;
}

mod calls {
    mod annexes;
    mod archive;
    mod corrigenda;
    mod editor;
    mod figures;
    mod public;
    mod publishing;
}
mod demo;
mod eligibility;

mod agreements;
mod decisions;
mod reporting {
    mod kpis;
    mod reports;
}
mod evaluation {
    mod affinity;
    mod agreement;
    mod assignments;
    mod calibration;
    mod conflicts;
    mod consensus;
    mod evaluators;
    mod optimum;
    mod rankings;
    mod register;
    mod scores;
}

mod lists {
    mod views;
}

mod proposals {
    mod attachments;
    mod consortium;
    mod drafts;
    mod letters;
    mod parts;
    mod submission;
}

mod audit;
mod cli {
    mod backup;
    mod check;
    mod kill;
}
mod jobs;
mod journeys {
    #[macro_use]
    mod house;

    mod applying;
    mod autosave;
    mod awarding;
    mod crawl;
    mod judging;
    mod opening;
}
mod notifications;
mod overview;
mod writing;

//! Every test of the platform in one program.

#![allow(dead_code, reason = "scenes are shared by tests that do not need every field")]

#[macro_use]
mod support;

mod architecture;

mod contracts {
    mod blind;
    mod data_classes;
    mod html;
    mod invariants;
    mod licences;
    mod mail_samples;
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
mod allocation;
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
    mod imports;
    mod optimum;
    mod panels;
    mod plans;
    mod rankings;
    mod recruitment;
    mod recusals;
    mod register;
    mod scores;
    mod training;
    mod wishes;
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
    mod reading;
    mod submission;
}

mod audit;
mod cli {
    mod backup;
    mod check;
    mod commands;
    mod kill;
    mod together;
}
mod jobs;
mod journeys {
    #[macro_use]
    mod house;

    mod applying;
    mod autosave;
    mod awarding;
    mod crawl;
    mod from_call_to_report;
    mod judging;
    mod on_the_page;
    mod opening;
    mod panel;
    mod planning;
    mod scoring;
    mod stage;
}
mod notifications;
mod overview;
mod writing;

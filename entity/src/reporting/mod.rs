pub mod kpi_reading;
pub mod report;

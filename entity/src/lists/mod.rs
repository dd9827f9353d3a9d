pub mod saved_view;

//! Every table with its columns, as the rows in `entity/src` write them down.

use crate::architecture::source::Tree;

/// One table.
pub struct Table {
    /// The name in the database.
    pub name: String,
    /// The row's module: `proposals::part`.
    pub module: String,
    pub columns: Vec<Column>,
}

/// One column with the type of its field, without `Option`.
pub struct Column {
    pub name: String,
    pub value: String,
}

/// All tables, by name.
pub fn all() -> Vec<Table> {
    let tree = Tree::of_this_checkout();
    let rows = tree.rust("entity/src/").filter(|file| file.text.contains("table_name = \""));
    let mut tables: Vec<Table> = rows.map(|file| table(&file.text, file.module().join("::"))).collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(tables.len() > 30, "only {} tables were found", tables.len());
    tables
}

fn table(text: &str, module: String) -> Table {
    let name = text.split("table_name = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let model = text.split("pub struct Model {").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap_or_default();
    let fields =
        model.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.trim_end_matches(',').split_once(": "));
    let columns = fields.filter(|(_, value)| !value.starts_with("BelongsTo<") && !value.starts_with("Has")).map(column);
    Table { name: name.to_owned(), module, columns: columns.collect() }
}

fn column((name, value): (&str, &str)) -> Column {
    let inner = value.strip_prefix("Option<").and_then(|rest| rest.strip_suffix('>')).unwrap_or(value);
    Column { name: name.trim_start_matches("r#").to_owned(), value: inner.to_owned() }
}

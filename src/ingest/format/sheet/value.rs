//! What a cell of a spreadsheet shows.

use calamine::DataType;

/// The text of a cell: numbers as they are printed, dates as dates so that nobody takes them for figures.
pub(super) fn text(cell: &impl DataType) -> String {
    if let Some(text) = cell.get_string() {
        return text.trim().to_owned();
    }
    if let Some(number) = cell.get_int() {
        return number.to_string();
    }
    if let Some(number) = cell.get_float() {
        return float(number);
    }
    if let Some(flag) = cell.get_bool() {
        return if flag { "TRUE".to_owned() } else { "FALSE".to_owned() };
    }
    if let Some(moment) = cell.get_datetime() {
        let (year, month, day, ..) = moment.to_ymd_hms_milli();
        return format!("{year:04}-{month:02}-{day:02}");
    }
    if let Some(text) = cell.get_datetime_iso().or_else(|| cell.get_duration_iso()) {
        return text.to_owned();
    }
    if let Some(error) = cell.get_error() {
        return error.to_string();
    }
    String::new()
}

/// Fifteen significant digits, as spreadsheets show and keep them: 0.1 + 0.2 is 0.3.
fn float(number: f64) -> String {
    if !number.is_finite() {
        return number.to_string();
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use super::text;
    use calamine::Data;

    #[test]
    fn numbers_are_printed_as_a_sheet_shows_them() {
        for (cell, shown) in [
            (Data::Float(3001.0), "3001"),
            (Data::Float(0.1 + 0.2), "0.3"),
            (Data::Float(59_237.244_9), "59237.2449"),
            (Data::Float(39_573_802_895.9), "39573802895.9"),
            (Data::Float(-417.0), "-417"),
            (Data::Int(0), "0"),
            (Data::String(" 规章 ".to_owned()), "规章"),
            (Data::Empty, ""),
        ] {
            assert_eq!(text(&cell), shown);
        }
    }
}

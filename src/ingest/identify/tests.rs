//! Identification over pages: every form of title, and every way of not being a report.

use super::*;
use crate::{
    ingest::{documents, flow::flow},
    model::BodyKind,
};

const PART_ONE: &str = "\n一、总体情况\n本年度主动公开政府信息30条。\n二、主动公开政府信息情况\n";

fn of(page: &str, options: &Options) -> Result<Identity, Refusal> {
    let (_, document) = documents("page.txt", page.as_bytes()).pop().unwrap();
    let document = document.unwrap();
    identify(&flow(&document), &document.metadata, 0..0, options)
}

/// The page's head before part one, without options.
fn head(head: &str) -> Result<Identity, Refusal> {
    of(&format!("{head}{PART_ONE}"), &Options::default())
}

fn found(page: &str) -> String {
    match head(page) {
        Ok(found) => format!("{} {}", found.body.id, found.year),
        Err(refusal) => format!("{} {}", refusal.code, refusal.candidates.join(" ")).trim().to_owned(),
    }
}

fn why(page: &str) -> String {
    let (_, document) = documents("page.txt", page.as_bytes()).pop().unwrap();
    let document = document.unwrap();
    not_a_report(&flow(&document), &document.metadata).code
}

#[test]
fn every_form_of_title() {
    for (page, expected) in [
        ("太原市万柏林区人民政府2024年度政府信息公开工作年度报告", "140109 2024"),
        ("2024年度太原市万柏林区政府信息公开工作年度报告", "140109 2024"),
        ("2019年上海市人民政府办公厅政府信息公开工作年度报告", "310000/人民政府办公厅 2019"),
        ("淮安市洪泽区人民政府\n    2024 年政府信息公开工作年度报告", "320813 2024"),
        ("盐边县新九镇人民政府\n关于2021年度政府信息公开工作的年度报告", "510422/镇/新九镇 2021"),
        ("山西省太原市万柏林区财政局关于2023年度\n政府信息公开工作的\n年度报告", "140109/财政局 2023"),
        ("太原市万柏林区2022年信息公开年度报告", "140109 2022"),
        ("太原市万柏林区政府信息公开工作年度报告（2022年度）", "140109 2022"),
        ("太原市人民政府信息公开年度报告(2022)", "140100 2022"),
        (
            "西安市阎良区文化旅游局2020年度政府信息公开工作年度报告\n西安市阎良区文化旅游局2020年度政府信息公开工作年度报告",
            "610114/文化旅游局 2020",
        ),
        ("西安市高陵區文化和旅游體育局\n2021年政府信息公開工作年度報告", "610117/文化和旅游体育局 2021"),
        ("# 太原市万柏林区人民政府 2025 年 政府信息公开工作年度报告", "140109 2025"),
        ("标题: 平潭综合实验区2021年度政府信息公开工作年度报告\n来源：平潭县人民政府", "350128/平潭综合实验区 2021"),
        (
            "您当前位置： 首页 > 政府信息公开 > 政府信息公开年报\n太原市万柏林区２０２４年政府信息公开工作年度报告",
            "140109 2024",
        ),
        ("太原市万柏林区二〇二三年政府信息公开工作年度报告", "140109 2023"),
        ("太谷县2019年政府信息公开工作年度报告", "140703 2019"),
        ("《太原市万柏林区人民政府2024年政府信息公开年报》", "140109 2024"),
        ("2022年上海市政府信息公开工作年度报告\n字号：", "310000 2022"),
        ("重庆市九龙坡区二郎街道办事处2022年政府信息公开工作年度报告", "500107/街道/二郎街道 2022"),
        ("义乌市廿三里街道办事处2022年政府信息公开工作年度报告", "330782/街道/廿三里街道 2022"),
        (
            "名 称：  新下陆街道办事处2022年度 政府信息公开工作年度报告\n由下陆区新下陆街道办事处编制",
            "420204/街道/新下陆街道 2022",
        ),
        ("城口县人民政府机关\n2020年政府信息公开工作年度报告", "500229/人民政府机关 2020"),
        (
            "滁州市气象局2023年度政府信息公开工作年度报告\n发布时间:2023-12-19 12:10 来源:滁州市气象局",
            "341100/气象局 2023",
        ),
        ("现公布国家税务总局珠海市香洲区税务局2023年政府信息公开工作年度报告。", "440402/税务局 2023"),
        ("四川省成都市双流区气象局2023年政府信息公开工作年度报告", "510116/气象局 2023"),
        ("大同市气象部门2023年政府信息公开工作年度报告", "140200/气象部门 2023"),
        ("根据规定，梳理编制湛江海关关区2023年政府信息公开工作年度报告。", "440800/海关关区 2023"),
        ("鞍山高新区2020年度政府信息公开工作报告", "210300/鞍山高新区 2020"),
        ("永川高新技术产业开发区管理委员会2020年政府信息公开工作年度报告", "500118/永川高新技术产业开发区 2020"),
        ("绵竹高新技术产业园区管理委员会2020年政府信息公开工作年度报告", "510683/绵竹高新技术产业园区 2020"),
        ("运城经济技术开发区 2020年政府信息公开年度报告", "140800/运城经济技术开发区 2020"),
        (
            "统计期限为2019年1月1日至2019年12月31日。请联系：龙游县大街乡信息公开领导小组办公室，",
            "330825/镇/大街乡 2019",
        ),
        ("财政部2024年政府信息公开工作年度报告", "000000/财政部 2024"),
        (
            "现公布鹤山市文化广电旅游体育局（以下简称市文广旅体局）2021年政府信息公开工作年度报告。",
            "440784/文化广电旅游体育局 2021",
        ),
        ("特向社會公布2020年開平市農業農村局政府信息公開工作年度報告。", "440783/农业农村局 2020"),
    ] {
        assert_eq!(found(page), expected, "{page}");
    }
}

#[test]
fn the_title_of_the_container_serves_where_the_text_has_none() {
    let page = "<html><head><title>平潭综合实验区2024年度政府信息公开工作年度报告_平潭综合实验区</title></head>\
                <body><p>一、总体情况</p><p>略</p></body></html>";
    let found = of(page, &Options::default()).unwrap();
    assert_eq!((found.body.id.as_str(), found.year.number()), ("350128/平潭综合实验区", 2024));
}

#[test]
fn a_name_without_its_division_needs_a_text_that_has_it() {
    assert_eq!(found("双溪乡2024年政府信息公开工作年度报告"), "GK0432");
    assert_eq!(found("佳荣里街2021年政府信息公开工作年度报告"), "GK0432");
    // A crumb alone does not tell which of several.
    assert_eq!(found("首页 > 乡镇政府 > 双溪乡\n2024年度双溪乡政府信息公开年度报告"), "GK0432");
    for context in [
        "双溪乡2024年政府信息公开工作年度报告\n发布机构：磐安县双溪乡人民政府",
        "双溪乡2024年政府信息公开工作年度报告\n发布机构：磐安县人民政府",
        "双溪乡2024年政府信息公开工作年度报告\n磐安县双溪乡根据条例编制本报告。",
        "双溪乡2024年政府信息公开工作年度报告\n如有疑问，请联系磐安县双溪乡人民政府办公室。",
    ] {
        assert_eq!(found(context), "330727/镇/双溪乡 2024", "{context}");
    }
    // A city publishes for towns of all its counties.
    assert_eq!(found("双溪乡2024年政府信息公开工作年度报告\n发布机构：金华市人民政府"), "GK0432");
}

#[test]
fn the_year_may_stand_on_a_line_of_its_own() {
    for (title, year) in [
        ("太原市小店区司法局政府信息公开工作年度报告\n（2023年度）", "2023"),
        ("太原市小店区司法局\n政府信息公开工作年度报告\n2022年度", "2022"),
        ("2021年\n太原市小店区司法局政府信息公开工作年度报告", "2021"),
    ] {
        assert_eq!(found(title), format!("140105/司法局 {year}"), "{title}");
    }
    // A number alone may be anything.
    assert_eq!(found("太原市小店区司法局政府信息公开工作年度报告\n2023"), "GK0435");
    assert_eq!(found("关于印发太原市小店区司法局2023年政府信息公开工作年度报告的通知"), "140105/司法局 2023");
}

#[test]
fn bodies_of_the_centre_that_begin_with_the_country() {
    for (name, body) in
        [("中国人民银行", "中国人民银行"), ("中国气象局", "中国气象局"), ("中国证监会", "中国证券监督管理委员会")]
    {
        assert_eq!(found(&format!("{name}2023年政府信息公开工作年度报告")), format!("000000/{body} 2023"));
    }
    assert_eq!(found("中华人民共和国财政部2023年政府信息公开工作年度报告"), "000000/财政部 2023");
    assert_eq!(found("中国人民银行太原中心支行2023年政府信息公开工作年度报告"), "140100/中国人民银行中心支行 2023");
}

#[test]
fn a_report_of_two_bodies_is_filed_under_neither_by_itself() {
    let title = "太原市小店区人民政府、太原高新技术产业开发区管委会2023年政府信息公开工作年度报告";
    assert_eq!(found(title), "GK0437 山西省/太原市/小店区 山西省/太原市/太原高新技术产业开发区");
}

#[test]
fn a_shared_name_needs_its_city() {
    let title = "鼓楼区财政局2024年政府信息公开工作年度报告";
    assert_eq!(
        found(title),
        "GK0431 江苏省/南京市/鼓楼区/财政局 江苏省/徐州市/鼓楼区/财政局 福建省/福州市/鼓楼区/财政局 \
         河南省/开封市/鼓楼区/财政局"
    );
    assert_eq!(found(&format!("{title}\n地址：徐州市鼓楼区中山北路1号")), "320302/财政局 2024");
}

#[test]
fn without_a_title_the_page_must_name_somebody_with_certainty() {
    let year = "本报告所列数据的统计期限自2020年1月1日起至2020年12月31日止。";
    assert_eq!(found(&format!("{year}请联系桃江县审计局办公室。")), "430922/审计局 2020");
    assert_eq!(found(&format!("{year}现将我局工作报告如下")), "GK0430");
    assert_eq!(found(year), "GK0439");
    // The office publishes for its government: which report it is, nobody says.
    assert_eq!(
        found(&format!("{year}请与淮安市人民政府办公室联系。")),
        "GK0430 江苏省/淮安市/人民政府办公室 江苏省/淮安市"
    );
    // Another body's page: 我局 is no town.
    assert_eq!(found(&format!("{year}我局高度重视。\n发布机构：洪雅县止戈镇人民政府")), "GK0430");
}

#[test]
fn misprinted_and_unknown_places_are_refused_with_what_looks_alike() {
    let refusal = head("沐阳县人民政府2025年政府信息公开工作年度报告").unwrap_err();
    assert_eq!(
        (refusal.code.as_str(), refusal.candidates.first().unwrap().as_str()),
        ("GK0433", "江苏省/宿迁市/沭阳县")
    );
    assert_eq!(found("测试市2025年政府信息公开工作年度报告"), "GK0433");
}

#[test]
fn overwritten_names_are_refused() {
    assert_eq!(found("现公布365bet手机app下载_便民中心电话2022年政府信息公开工作年度报告。"), "GK0434");
    assert_eq!(found("某某娱乐app下载官网2022年政府信息公开工作年度报告"), "GK0434");
}

#[test]
fn a_title_left_over_from_the_year_before_is_told_of() {
    let page = head("太原市万柏林区2023年政府信息公开工作年度报告").unwrap();
    assert_eq!(page.findings, []);
    let title = "太原市万柏林区2023年政府信息公开工作年度报告\n一、总体情况\n2024年,我区受理申请30件。";
    let page = head(title).unwrap();
    assert_eq!(page.year.number(), 2023);
    assert_eq!(page.findings.iter().map(|finding| finding.rule.as_str()).collect::<Vec<_>>(), ["R-YEAR"]);
    // A plan for the next year is none.
    let page = head(&title.replace("2024年,我区受理申请30件", "略。2024年,我区将继续努力")).unwrap();
    assert_eq!(page.findings, []);
}

#[test]
fn years_by_trust() {
    let body = "太原市万柏林区政府信息公开工作年度报告";
    for (page, expected) in [
        ("本报告所列数据的统计期限自2021年1月1日起至2021年12月31日止。", "140109 2021"),
        ("统计期限从2025年1月1日至12月31日。", "140109 2025"),
        ("统计期限自2024年1月\n1 日起至 2024 年 12 月 31 日止", "140109 2024"),
        // Characters lost: the year still stands at both ends.
        ("数据的统计期限自201911日起至20191231日止。", "140109 2019"),
        ("数据的统计期限自20201月1日起至20201231日止。", "140109 2020"),
        ("数据的统计期限自202211日起至20221231日止。", "140109 2022"),
        ("发布时间：2022-02-08", "140109 2021"),
        ("所列数据统计期限自2022年1月1日始至2022年12月31日止", "140109 2022"),
        ("统计期限为：2022年1月1日-2022年12月31日", "140109 2022"),
        ("数据的统计期限自20201月1日起至202012月31日止", "140109 2020"),
        ("无", "GK0435"),
    ] {
        assert_eq!(found(&format!("{body}\n{page}")), expected, "{page}");
    }
    // What was published in 2025 may have been moved there; the title counts.
    let page = head("太原市万柏林区2022年政府信息公开工作年度报告\n发布时间：2025-12-30").unwrap();
    assert_eq!((page.year.number(), page.published.as_deref()), (2022, Some("2025-12-30")));
    // A date before the end of the year is not its publication.
    let page = head("太原市万柏林区2022年政府信息公开工作年度报告\n发布时间：2019-12-03").unwrap();
    assert_eq!((page.year.number(), page.published), (2022, None));
}

#[test]
fn contradictions_are_refused_with_the_candidates() {
    let page = "太原市万柏林区2023年政府信息公开工作年度报告\n统计期限自2022年1月1日起至2022年12月31日止。";
    assert_eq!(found(page), "GK0436 2022 2023");
    let page = "太原市万柏林区2023年政府信息公开工作年度报告\n太原市杏花岭区2023年政府信息公开工作年度报告";
    assert_eq!(found(page), "GK0437 山西省/太原市/万柏林区 山西省/太原市/杏花岭区");
    // Last year's report in the margin does not outweigh title and period together.
    let page = "太原市万柏林区2023年政府信息公开工作年度报告\n统计期限自2023年1月1日起至2023年12月31日止。\n\
                太原市万柏林区2022年政府信息公开工作年度报告";
    assert_eq!(found(page), "140109 2023");
}

#[test]
fn a_name_without_letters_is_none() {
    let page = format!("太原市2024年政府信息公开工作年度报告{PART_ONE}");
    for given in ["???", "2024", "-"] {
        let options = Options { body: Some(given.to_owned()), ..Options::default() };
        assert_eq!(of(&page, &options).unwrap_err().code, "GK0438", "{given}");
    }
}

#[test]
fn the_caller_wins() {
    let page = format!("双溪乡2024年政府信息公开工作年度报告{PART_ONE}");
    for (given, expected) in [
        ("330727/镇/双溪乡", "330727/镇/双溪乡"),
        ("磐安县双溪乡", "330727/镇/双溪乡"),
        ("浙江省/金华市/磐安县/双溪乡", "330727/镇/双溪乡"),
        ("140109", "140109"),
        ("太原市/万柏林区/财政局", "140109/财政局"),
        ("太原市万柏林区财政局", "140109/财政局"),
        ("双溪乡", "999999/双溪乡"),
        ("测试市 (anonymised; figures look real)", "999999/测试市 (anonymised; figures look real)"),
    ] {
        let options = Options { body: Some(given.to_owned()), ..Options::default() };
        let found = of(&page, &options).unwrap();
        assert_eq!((found.body.id.as_str(), found.year.number()), (expected, 2024), "{given}");
        assert_eq!(found.body.id.is_placed(), !expected.starts_with("999999"), "{given}");
    }
    let options = Options { year: Year::new(2021), ..Options::default() };
    let page = format!("太原市万柏林区2023年政府信息公开工作年度报告{PART_ONE}");
    let found = of(&page, &options).unwrap();
    assert_eq!(found.year.number(), 2021);
    assert_eq!(found.findings.first().map(|finding| finding.rule.as_str()), Some("R-YEAR"));
    let options = Options { body: Some("鼓楼区".to_owned()), ..Options::default() };
    assert_eq!(of(&page, &options).unwrap_err().code, "GK0431");
}

#[test]
fn bodies_of_a_register_are_known() {
    let known =
        Body { id: "330727/镇/双溪乡".parse().unwrap(), name: "双溪乡".to_owned(), kind: BodyKind::Town };
    let options = Options { bodies: vec![known].into(), ..Options::default() };
    let page = format!("双溪乡2024年政府信息公开工作年度报告{PART_ONE}");
    assert_eq!(of(&page, &options).unwrap().body.id.as_str(), "330727/镇/双溪乡");
}

#[test]
fn scopes() {
    for (page, expected) in [
        ("太原市万柏林区人民政府2024年政府信息公开工作年度报告", Scope::Aggregate),
        ("太原市万柏林区人民政府（本级）2024年政府信息公开工作年度报告", Scope::Own),
        ("大同市气象部门2023年政府信息公开工作年度报告", Scope::Aggregate),
        ("太原市万柏林区财政局（本级）2024年政府信息公开工作年度报告", Scope::Own),
        ("太原市万柏林区人民政府办公室2024年政府信息公开工作年度报告", Scope::Own),
        ("太原市万柏林区财政局2024年政府信息公开工作年度报告", Scope::Own),
        ("平潭综合实验区2024年政府信息公开工作年度报告\n汇总各有关单位情况编制而成。", Scope::Aggregate),
        ("平潭综合实验区2024年政府信息公开工作年度报告", Scope::Unknown),
    ] {
        assert_eq!(head(page).unwrap().scope, expected, "{page}");
    }
}

#[test]
fn pages_of_another_kind() {
    for (page, code) in [
        (
            "武威市人民政府办公室\n关于做好2025年政府信息公开工作年度报告\n编制和发布工作的通知\n一、规范年报内容。",
            "GK0402",
        ),
        ("关于报送2021年政府信息公开工作年度报告的通知\n各街道：", "GK0402"),
        ("《太原市2024年政府信息公开工作年度报告》文字解读\n一、背景", "GK0403"),
        ("太原市2024年政府信息公开工作年度报告解读\n一、背景", "GK0403"),
        ("图解：太原市2024年政府信息公开工作年度报告", "GK0403"),
        ("2022年上半年政府信息公开数据统计\n一、公文类政府信息公开情况", "GK0404"),
        ("太原市2022年第三季度政府信息公开工作情况报告", "GK0404"),
        ("太原市2021年政府信息公开工作年度报告\n一、总体情况\n共受理政府信息公开申请267件，答复263件。", "GK0405"),
        ("现将县供销社2019政府信息公开工作年度报告如下:\n一、加强领导机构\n二、主动公开信息", "GK0406"),
        (
            "一、总体情况\n略\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n五、存在的主要问题及改进情况",
            "GK0407",
        ),
        ("二、主动公开政府信息情况\n捕获2.PNG", "GK0408"),
        ("今日天气晴", "GK0401"),
    ] {
        assert_eq!(why(page), code, "{page}");
    }
    // With tables as well: a notice or interpretation is still none, a report issued by a notice is one.
    assert_eq!(found("《太原市2024年政府信息公开工作年度报告》解读"), "GK0403");
    assert_eq!(found("关于印发《太原市万柏林区2024年政府信息公开工作年度报告》的通知"), "140109 2024");
}

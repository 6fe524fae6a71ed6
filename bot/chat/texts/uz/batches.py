"""Uzbek sentences about batches."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FILE: Sentences = {
    "batch_file_large": "Fayl hajmi {size_bytes}, koʻpi bilan {limit_bytes} olinadi.",
    "batch_file_large_do": "Uni bir nechta faylga boʻling.",
    "batch_file_empty": "Fayl boʻsh.",
    "batch_file_empty_do": "Uni qaytadan saqlab, yana yuboring.",
    "batch_encoding": "Matn UTF-8 emas ({position}-bayt).",
    "batch_encoding_do": "Faylni UTF-8 qilib saqlang.",
    "batch_entries_many": "Faylda {count} ta klip bor, koʻpi bilan {limit} ta olinadi.",
    "batch_entries_many_do": "Uni bir nechta faylga boʻling.",
    "batch_no_entries": "Faylda birorta klip yoʻq.",
    "batch_no_entries_do": "Fayl yoʻli (path) yozilgan kamida bitta qator qoʻshing.",
    "batch_bad_json": "Bu JSON emas ({column}-belgi): {why}.",
    "batch_bad_json_do": "Faylning shu joyini tuzating.",
    "batch_bad_config": "Konfiguratsiya JSON emas ({column}-belgi): {why}.",
    "batch_bad_config_do": "Konfiguratsiyaning shu joyini tuzating.",
    "batch_clips_no_list": "“clips” roʻyxat emas: {given}.",
    "batch_clips_no_list_do": "Kliplarni kvadrat qavs ichida roʻyxat qilib yozing.",
    "batch_no_clips": "Faylda “clips” roʻyxati yoʻq.",
    "batch_no_clips_do": "“video_id” va “clips” bor fayl, jadval yoki JSON Lines yuboring.",
    "batch_entry_no_object": "Bu qator JSON obyekti emas: {given}.",
    "batch_entry_no_object_do": "Qatorni figurali qavs ichida, fayl yoʻli (path) bilan yozing.",
    "batch_bad_table": "Jadvalni shu yerdan boshlab oʻqib boʻlmadi: {why}.",
    "batch_bad_table_do": "Yopilmagan qoʻshtirnoq bormi, qarang.",
    "batch_column_twice": "“{name}” ustuni ikki marta kelgan.",
    "batch_column_twice_do": "Har bir ustunga oʻz nomini bering.",
    "batch_no_path_column": "Jadvalda “path” yoki “filename” ustuni yoʻq, borlari: {names}.",
    "batch_no_path_column_do": "Fayllar turgan ustunni “path” deb nomlang.",
    "batch_row_long": "Qatorda {cells} ta katak bor, sarlavhada esa {columns} ta.",
    "batch_row_long_do": "Ichida ajratuvchi belgi bor qiymatlarni qoʻshtirnoqqa oling.",
    "batch_bad_value": "“{field}” uchun “{given}” toʻgʻri kelmaydi: {why}.",
    "batch_bad_value_do": "Shu qiymatni tuzating.",
    "batch_more_findings": "Yana {count} ta topilma koʻrsatilmadi.",
    "batch_more_findings_do": "Yuqoridagilarni tuzatib, yana tekshiring.",
}

TEMPLATES: Sentences = {
    "batch_unknown_placeholder": "{field}: “{name}” degan maydon yoʻq.{near}",
    "batch_unknown_placeholder_do": "Shu maydonlardan birini yozing: {known}.",
    "batch_near": " Balki {near}?",
    "batch_empty_placeholder": (
        "Bu klipda “{name}” yoʻq, shuning uchun {field} ichida oʻsha joy boʻsh qoladi."
    ),
    "batch_empty_placeholder_do": "Klipga “{name}” qoʻshing yoki uni shablondan olib tashlang.",
    "batch_template_syntax": "{field} ni oʻqib boʻlmadi: {why}.",
    "batch_template_syntax_do": "Maydon nomini bittadan { va } orasiga yozing.",
    "batch_template_forbidden": "{field} ichida maydon nomidan ortiq narsa bor ({what}).",
    "batch_template_forbidden_do": "Faqat maydon nomlari va oddiy filtrlar mumkin.",
    "batch_template_filter": "{field}: “{name}” degan filtr yoʻq.",
    "batch_template_filter_do": "Shu filtrlardan birini yozing: {known}.",
    "batch_template_long": "{field} {limit} ta belgidan oshib ketyapti.",
    "batch_template_long_do": "Uni qisqartiring.",
    "batch_template_value": "{field} bu klip maydonlari bilan ishlamaydi: {why}.",
    "batch_template_value_do": "Maydonni tuzating yoki filtrni olib tashlang.",
    "batch_text_long": "{platform}: {what} – {actual} {unit}, koʻpi bilan {limit} mumkin.",
    "batch_text_long_do": "{field} ni qisqartiring yoki {platform} ni chetda qoldiring.",
    "batch_tags_long": "{platform}: teglar – {actual} belgi, {limit} tagacha mumkin.",
    "batch_tags_long_do": (
        "Ayrim teglar tushib qoladi; qaysilari qolishini oʻzingiz tanlash uchun kamroq yozing."
    ),
    "batch_title": "sarlavha",
    "batch_description": "tavsif",
    "batch_unit_characters": "belgi",
    "batch_unit_utf16": "belgi",
    "batch_unit_bytes": "bayt",
}

FILES: Sentences = {
    "batch_no_path": "Qatorda fayl koʻrsatilmagan.",
    "batch_no_path_do": "“path” yoki “filename” qoʻshing.",
    "batch_bad_path": "Bu fayl yoʻli emas: {given}.",
    "batch_bad_path_do": "Yoʻlni tuzating.",
    "batch_path_outside": "Fayl ruxsat etilgan papkalarda emas: {given}.",
    "batch_path_outside_do": (
        "Uni oʻsha papkalarga koʻchiring yoki papkasini batches.folders ga qoʻshing."
    ),
    "batch_missing_file": "Bunday fayl yoʻq: {given}.",
    "batch_missing_file_do": "Yoʻlni tuzating yoki klipni qaytadan tayyorlang.",
    "batch_no_file": "Bu fayl emas, papka yoki qurilma: {given}.",
    "batch_no_file_do": "Videoning oʻzini koʻrsating.",
    "batch_file_forbidden": "Faylni oʻqishga ruxsat yoʻq: {given}.",
    "batch_file_forbidden_do": "Karvon ishlayotgan foydalanuvchiga uni oʻqish huquqini bering.",
    "batch_file_changed": "Fayl tekshirilganidan keyin oʻzgargan: {given}.",
    "batch_empty_file": "Fayl boʻsh: {given}.",
    "batch_empty_file_do": "Klipni qaytadan tayyorlang.",
    "batch_not_a_video": "Buni video sifatida oʻqib boʻlmadi: {given}.",
    "batch_not_a_video_do": "Klipni qaytadan tayyorlang yoki qatorni olib tashlang.",
    "batch_cut_off": "Video chala, oxiri yoʻq: {given}.",
    "batch_cut_off_do": "Klipni qaytadan nusxalang yoki tayyorlang.",
    "batch_probe_slow": "Videoni tekshirish juda choʻzilib ketdi: {given}.",
    "batch_probe_slow_do": "Ochilib koʻrinadimi, qarang; koʻrinmasa, klipni qaytadan tayyorlang.",
    "batch_no_ffprobe": "Videolarni tekshirib boʻlmayapti: {why}.",
    "batch_no_ffprobe_do": "ffmpeg oʻrnating va karvon doctor bilan tekshiring.",
    "batch_no_folders": "Toʻplamlar uchun birorta papkaga ruxsat berilmagan.",
    "batch_no_folders_do": "Sozlamalarda batches.folders ga papka qoʻshing.",
    "batch_file_twice": "{first}-klipda ham shu akkaunt uchun shu fayl turibdi.",
    "batch_file_twice_do": "Ikkisidan birini olib tashlang.",
    "batch_content_twice": "{first}-klipda ham shu akkaunt uchun xuddi shu video turibdi.",
    "batch_content_twice_do": "Bunisi chetda qoladi; ikkisidan birini fayldan olib tashlang.",
    "batch_duplicate": "Shu video allaqachon bor: {places}.",
    "batch_duplicate_do": "U yerga yana yuborilmaydi.",
    "batch_done_before": "Bu klip avval joylangan.",
    "batch_done_before_do": "U yana yuborilmaydi.",
    "batch_duration_differs": "Faylda {written} s deb yozilgan, video esa {actual} s.",
    "batch_duration_differs_do": "Kerakli klip shumi, tekshiring.",
}

TARGETS: Sentences = {
    "batch_bad_target": "Bu platformalarni tanlab boʻlmaydi. {why}",
    "batch_bad_target_do": "“platforms” ni tuzating yoki akkauntni ulang.",
    "batch_target_refuses": "U yerda bunday qilib boʻlmaydi. {why}",
    "batch_target_refuses_do": "Boshqasini tanlang yoki platformani chetda qoldiring.",
    "batch_does_not_fit": "{platform} bu videoni olmaydi. {why}",
    "batch_does_not_fit_do": "Boshqa klip tayyorlang yoki {platform} ni chetda qoldiring.",
    "batch_is_fitted": "{platform} bu videoni shu holicha olmaydi. {why}",
    "batch_is_fitted_do": "U moslanadi: {remedies}.",
    "batch_over_quota": (
        "{platform} ({account}): {count} ta videodan {soon} tasi tez orada chiqadi, oxirgisi "
        "{until} da boshlanadi."
    ),
    "batch_over_quota_do": (
        "Hech narsa yoʻqolmaydi, qolganlari kutadi. Tezroq boʻlishi uchun koʻproq akkaunt "
        "qoʻshing."
    ),
    "batch_over_quota_never": "{platform} ({account}) {count} ta videoni hech qachon ololmaydi.",
    "batch_over_quota_never_do": "Limitlarga qarang (/limits) yoki bu akkauntni chetda qoldiring.",
    "batch_chunk_unused": "{platform} uchun chunk_size hech narsani oʻzgartirmaydi.",
    "batch_chunk_unused_do": "Hech narsa qilish shart emas: video bir yoʻla yuboriladi.",
    "batch_chunk_changed": "{platform}: boʻlaklar {asked} emas, {taken} baytdan boʻladi.",
    "batch_chunk_changed_do": "Hech narsa qilish shart emas.",
}

CHAT: Sentences = {
    "batch_at_entry": "{entry}-klip, {line}-satr: {what}",
    "batch_at_number": "{entry}-klip: {what}",
    "batch_at_line": "{line}-satr: {what}",
    "batch_received": (
        "<b>{name}</b> tekshirilyapti. Siz aytmaguningizcha hech narsa joylanmaydi.\nPublisher "
        "konfiguratsiyasi boʻlsa, uni hozir ham hujjat qilib yuborishingiz mumkin."
    ),
    "batch_received_config": (
        "<b>{name}</b> sizning konfiguratsiyangiz bilan tekshirilyapti. Siz aytmaguningizcha hech "
        "narsa joylanmaydi."
    ),
    "batch_config_kept": (
        "Konfiguratsiya saqlandi. Endi bir soat ichida kliplar roʻyxatini yuboring."
    ),
    "batch_config_used": "<b>{name}</b> shu konfiguratsiya bilan qaytadan tekshirilyapti.",
    "batch_config_late": "{batch_id}-toʻplam allaqachon boshlangan, konfiguratsiyasi oʻzgarmaydi.",
    "batch_checked": (
        "<b>{name}</b>: {entries} ta klipdan {planned} tasini joylash mumkin.{done}{counts}"
    ),
    "batch_checked_none": (
        "<b>{name}</b>: {entries} ta klipdan birortasini ham joylab boʻlmaydi.{done}{counts}"
    ),
    "batch_checked_done": "\n{count} tasi avval joylangan.",
    "batch_checked_counts": "\n⛔ {blocks} ta muammo, ⚠️ {warns} ta ogohlantirish",
    "batch_checked_more": "… yana {count} tasi quyidagi hujjatda.",
    "batch_finding_block": "⛔ {what} <i>{remedy}</i>",
    "batch_finding_warn": "⚠️ {what} <i>{remedy}</i>",
    "batch_finding_note": "• {what} <i>{remedy}</i>",
    "batch_findings": "<b>{name}</b> boʻyicha barcha topilmalar.",
    "batch_refused": "Bu faylni oʻqiy olmadim. {what}\n{remedy}",
    "batch_fetch": "Bu faylni ololmadim: {why}. Uni yana yuboring.",
    "batch_unknown": "{batch_id}-toʻplam yoʻq.",
    "batch_line": "Toʻplamda <code>{line}:</code> qatori boʻlmaydi. Uni izohdan olib tashlang.",
    "batch_kind": (
        "{name} kliplar roʻyxati emas. “clips” bor .json fayl yoki har satrida bitta klip turgan "
        ".csv yoki .jsonl yuboring."
    ),
    "batch_broken": (
        "<b>{name}</b> ni tekshirib boʻlmadi. Sababini /doctor bilan koʻring, keyin yana yuboring."
    ),
    "batch_left": "<b>{name}</b>: hech narsa joylanmaydi.",
    "batch_result": (
        "{batch_id}-toʻplam (<b>{name}</b>) tugadi: {live} tasi joylandi, {failed} tasi chiqmadi, "
        "{cancelled} tasi bekor qilindi."
    ),
    "batch_card": "<b>{batch_id}-toʻplam</b>: {name}",
    "batch_card_stopping": "<b>{batch_id}-toʻplam</b>: {name} – toʻxtatilmoqda",
    "batch_card_done": "<b>{batch_id}-toʻplam</b>: {name} – tugadi",
    "batch_card_progress": "{percent} – {total} ta yuklashdan {ended} tasi",
    "batch_state_live": "✅ joylandi: {count}",
    "batch_state_processing": "⚙️ ishlov berilyapti: {count}",
    "batch_state_uploading": "⬆️ yuklanmoqda: {count}",
    "batch_state_waiting": "⏳ kutyapti: {count}",
    "batch_state_unknown": "❓ natijasi nomaʼlum: {count}",
    "batch_state_failed": "❌ chiqmadi: {count}",
    "batch_state_cancelled": "🚫 bekor qilindi: {count}",
    "batch_state_planned": "… boshlanmagan: {count}",
    "batch_state_bad": "⛔ muammo tufayli chetda qoldi: {count}",
    "batch_state_left": "– chetda qoldi: {count}",
    "batch_state_refused": "⛔ qabul qilinmadi: {count}",
    "batch_cause": "{count} × {platform}: {why}",
    "batch_cause_plain": "{count} × {platform}",
    "batch_asks": "Javobingizni kutyapti: {posts}",
    "batch_failed_posts": "Qarab chiqing: {posts}",
    "button_batch_all": "Hammasini joylash",
    "button_batch_good": "Faqat ⚠️ yoʻqlarini",
    "button_batch_leave": "Shunday qolsin",
    "button_batch_cancel": "Toʻplamni toʻxtatish",
    "button_batch_retry": "Chiqmaganiga qayta urinish",
}

SENTENCES: Sentences = {**FILE, **TEMPLATES, **FILES, **TARGETS, **CHAT}

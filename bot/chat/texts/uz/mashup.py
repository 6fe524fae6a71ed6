"""Uzbek sentences about making mashups."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

WIZARD: Sentences = {
    "cmd_mashup": "boʻlaklardan video yigʻish",
    "help_mashup": (
        "/mashup – boʻlaklardan bosqichma-bosqich video yigʻish; /mashup 20 upbeat bir yoʻla "
        "koʻp video yigʻadi\n"
        "/renders – nimalar tayyorlangan va nimalar tayyorlanyapti"
    ),
    "mashup_head": "🎬 <b>Mashup</b> · {number}/{of}-qadam",
    "mashup_step_source": (
        "<b>Qaysi video asos boʻladi?</b> Birini tanlang, menga izohsiz video yoki rasm yuboring "
        "yoki shu xabarga ular bilan javob bering. Soʻz yozsangiz, roʻyxatdan qidiraman."
    ),
    "mashup_step_template": (
        "<b>U bilan birga nima koʻrinsin?</b> Shablon tanlang yoki uni izohsiz yuboring; "
        "videongizning oʻzi kifoya boʻlsa, oʻtkazib yuboring."
    ),
    "mashup_step_music": (
        "<b>Qaysi musiqa boʻlsin?</b> ▶ bilan eshitib koʻring; oʻzingiz yuborsangiz ham boʻladi. "
        "Videongizning oʻz ovozi qolsin desangiz, oʻtkazib yuboring."
    ),
    "mashup_step_layout": "<b>Boʻlaklar kadrda qanday joylashsin?</b>",
    "mashup_step_words": (
        "<b>Tasvir ustida yozuv boʻlsinmi?</b> Matnini yozing yoki uni SRT yo ASS fayl qilib "
        "yuboring. <code>watermark: @name</code> kabi qator burchakka suv belgisi qoʻyadi, "
        "<code>credit: …</code> esa pastda muallifni koʻrsatadi."
    ),
    "mashup_step_targets": (
        "<b>Qayerga joylansin?</b> Joylarni tanlang va ular uchun izoh yozing; <code>to: "
        "youtube</code> kabi odatdagi qatorlar ham mumkin. Hech narsa tanlamasangiz, faqat "
        "tayyorlanadi."
    ),
    "mashup_step_review": (
        "<b>Hammasi tanlandi.</b> Avval uch soniyasini koʻring yoki darrov tayyorlang."
    ),
    "mashup_nearly": "<b>Deyarli tayyor.</b> Nima yetishmasligi quyida aytilgan.",
    "mashup_chosen_source": "Asosiy video: {name}",
    "mashup_chosen_template": "U bilan birga: {name}",
    "mashup_chosen_no_source": "Asosiy video: hali tanlanmagan",
    "mashup_chosen_no_template": "U bilan birga: hech narsa",
    "mashup_chosen_music": "Musiqa: {name}",
    "mashup_chosen_no_music": "Musiqa: yoʻq",
    "mashup_chosen_layout": "Kadr: {layout}, {aspect}, {length}",
    "mashup_chosen_words": "Yozuv: {text}",
    "mashup_chosen_file": "Yozuv: {name} faylidan",
    "mashup_chosen_no_words": "Yozuv: yoʻq",
    "mashup_chosen_watermark": "Suv belgisi: {text}",
    "mashup_chosen_foot": "Pastda: {text}",
    "mashup_chosen_targets": "Qayerga: {names}",
    "mashup_chosen_no_targets": "Qayerga: hech qayerga, faqat tayyorlanadi",
    "mashup_chosen_post": "Izoh: {text}",
    "mashup_drawn": "🎲 {line}",
    "mashup_seed": "🎲 Tasodif raqami {seed}",
    "mashup_unnamed": "nomsiz",
    "mashup_layout_side": "yonma-yon",
    "mashup_layout_stack": "ustma-ust",
    "mashup_layout_full": "butun kadr",
    "mashup_layout_corner": "burchakda kichik",
    "mashup_layout_sequence": "ketma-ket",
    "mashup_length": "uzunligi {length}",
    "mashup_as_source": "uzunligi videodagidek",
    "mashup_row": "▫️ {number}. {name} · {facts}",
    "mashup_row_on": "☑️ {number}. {name} · {facts}",
    "mashup_picture": "rasm",
    "mashup_uses": {
        "one": "{count} marta ishlatilgan",
        "other": "{count} marta ishlatilgan",
    },
    "mashup_page": "{page}/{pages}-sahifa",
    "mashup_none_source": (
        "Kutubxonangizda hali video yoʻq. Hozir yuboring yoki /add bilan qoʻshing."
    ),
    "mashup_none_template": (
        "Kutubxonangizda hali shablon yoʻq. /add bilan qoʻshing yoki oʻtkazib yuboring."
    ),
    "mashup_none_music": (
        "Kutubxonangizda hali musiqa yoʻq. /add bilan qoʻshing yoki oʻtkazib yuboring."
    ),
    "mashup_none_found": "Bunday narsa topilmadi. Boshqa soʻz yozing yoki boshqasini tanlang.",
    "mashup_no_accounts": "Kanal ulanmagan, shuning uchun faqat tayyorlanadi. Ulash: /connect",
    "mashup_only_made": "Joy tanlanmagan: faqat tayyorlanadi, keyin joylashingiz mumkin.",
    "mashup_needs_post": "⚠️ Video bilan joylanadigan izohni yozing.",
    "mashup_more_findings": {
        "one": "… va yana {count} ta",
        "other": "… va yana {count} ta",
    },
    "mashup_blocked": (
        "Shu holicha tayyorlab boʻlmaydi. Orqaga qaytib, yuqorida aytilganini oʻzgartiring."
    ),
}

NOTES: Sentences = {
    "mashup_note_deleted": "⚠️ Bu yerda tanlaganingiz endi kutubxonada yoʻq.",
    "mashup_note_added": "“{name}” kutubxonangizga qoʻshildi.",
    "mashup_note_known": "“{name}” kutubxonangizda bor edi, oʻshanisini olaman.",
    "mashup_note_fetching": "⬇️ Faylingiz yoʻlda. Kelishi bilan tanlanadi.",
    "mashup_note_not_added": "⚠️ Faylingiz olinmadi. Sababi uning oʻz xabarida.",
    "mashup_note_searched": "“{search}” boʻyicha topilganlari koʻrsatilgan.",
    "mashup_note_words": "Yozuvingiz saqlandi.",
    "mashup_note_captions": "“{name}” faylidagi yozuv saqlandi.",
    "mashup_note_post": "Izohingiz saqlandi.",
    "mashup_note_preview": "👁 Uch soniyalik namunasi yoʻlda.",
}

ENDS: Sentences = {
    "mashup_again": (
        "Tugallanmagan mashupingiz bor ({number}/{of}-qadam). Uni davom ettirasizmi yoki boshidan "
        "boshlaysizmi?"
    ),
    "mashup_goes_on": ("🎬 “{name}” tanlandi. Mashup shu xabar javob bergan xabarda davom etadi."),
    "mashup_left": "🎬 Shunday qoldi, hech narsa tayyorlanmaydi. Yangisini boshlash: /mashup",
    "mashup_expired": (
        "🎬 Bu mashup juda uzoq kutdi va chetga olindi. Yangisini boshlash: /mashup"
    ),
    "mashup_sent": (
        "🎬 Tayyorlashga yuborildi: {render_id}-render. Qayerga yetganini kartochkasi koʻrsatadi."
    ),
    "mashup_sent_many": {
        "one": (
            "🎬 {count} ta mashup tayyorlashga yuborildi. Qayerga yetganini kartochkasi "
            "koʻrsatadi."
        ),
        "other": (
            "🎬 {count} ta mashup tayyorlashga yuborildi. Qayerga yetganini kartochkasi "
            "koʻrsatadi."
        ),
    },
    "mashup_closed": "Bu mashup yopilgan. Yangisini boshlash: /mashup",
    "mashup_not_yours": "Bu boshqa odamning mashupi. Oʻzingiznikini boshlash: /mashup",
    "mashup_moved": "Bu tugma oldingi qadamdan qolgan. Hozirgi qadamni xabar koʻrsatib turibdi.",
    "mashup_write_post": "Avval izohni yozing yoki “Faqat tayyorlash” ni tanlang.",
    "mashup_not_fetched": "Faylingizni olib boʻlmadi: {why}.",
    "mashup_no_source": "Avval videoni tanlang.",
    "mashup_caption_long": "Juda uzun: koʻpi bilan {limit} belgi mumkin. Qisqaroq yozing.",
    "mashup_not_captions": "Bu subtitr fayli emas. .srt yoki .ass bilan tugaydiganini yuboring.",
    "mashup_captions_big": (
        "Bu fayl subtitr uchun juda katta ({size}). Koʻpi bilan {limit} mumkin."
    ),
    "mashup_not_yet": "Faylingiz hali yoʻlda. Kelishini kuting.",
    "mashup_not_here": (
        "Bu qadamga bu toʻgʻri kelmaydi. Roʻyxatdan tanlang yoki xabarida soʻralganini yuboring."
    ),
    "mashup_press": "Bu qadamga bu toʻgʻri kelmaydi. Xabari ostidagi tugmalardan birini bosing.",
    "mashup_all_chosen": (
        "Hammasini oʻzingiz tanlagansiz. Tasodif tanlashi kerak boʻlgan qadamga qayting."
    ),
    "mashup_unclear_place": (
        "“{place}” ni alohida koʻrsatib boʻlmaydi: boshqa akkaunt ham shunday ataladi yoki nomida "
        "vergul bor. Nomini /accounts orqali oʻzgartiring."
    ),
    "mashup_asset_gone": "U endi kutubxonada yoʻq. Boshqasini tanlang.",
}

MANY: Sentences = {
    "mashup_many_head": (
        "🎬 <b>{count} ta mashup</b> ({sources}, {templates} va {music} asosida), jami "
        "{seconds}.\n🎲 Reja raqami {seed}"
    ),
    "mashup_many_sources": {
        "one": "{count} ta video",
        "other": "{count} ta video",
    },
    "mashup_many_templates": {
        "one": "{count} ta shablon",
        "other": "{count} ta shablon",
    },
    "mashup_many_music": {
        "one": "{count} ta musiqa",
        "other": "{count} ta musiqa",
    },
    "mashup_many_example": "• {names} · ♪ {music}",
    "mashup_many_example_plain": "• {names}",
    "mashup_many_more": {
        "one": "… va yana {count} ta",
        "other": "… va yana {count} ta",
    },
    "mashup_many_changed": (
        "⚠️ Shu orada kutubxona oʻzgardi. Endi mana bular tayyorlanadi; tugmani yana bosing."
    ),
    "mashup_many_usage": (
        "Nechta kerakligini (koʻpi bilan {most} ta) va musiqa kayfiyatini yozing: <code>/mashup "
        "20 upbeat</code>. Pastdagi qatorlar boʻlaklarni aytadi: <code>from: beach, #cats, "
        "12</code>, <code>templates: …</code>, <code>music: …</code>. Yolgʻiz /mashup "
        "bosqichma-bosqich bittasini tayyorlaydi."
    ),
    "mashup_many_mood": (
        "“{mood}” kayfiyatidagi musiqa yoʻq. Borlari: {known}. Shulardan birini yozing yoki "
        "kayfiyatsiz qoldiring."
    ),
    "mashup_many_no_moods": (
        "Kutubxonadagi hech bir musiqaning kayfiyati yozilmagan. Faqat <code>/mashup "
        "{count}</code> deb yozing yoki /add bilan musiqa qoʻshing."
    ),
    "mashup_many_key": (
        "“{given}:” degan qatorni bilmayman. Koʻp mashup boʻlaklarini shular aytadi: {known}. "
        "Tavsif keyin yoziladi."
    ),
    "mashup_many_from_source": "Faqat shu videolar: {names}",
    "mashup_many_from_template": "Faqat shu shablonlar: {names}",
    "mashup_many_from_music": "Faqat shu musiqa: {names}",
    "mashup_many_mooded": "Musiqa kayfiyati: {mood}",
    "mashup_many_choose_source": (
        "🎬 {count} ta mashup <b>qaysi videolardan</b> yigʻilsin? Raqamlarini bosing; yozgan "
        "soʻzlaringiz roʻyxatdan qidiradi."
    ),
    "mashup_many_choose_template": (
        "🎬 Yonida <b>qaysi shablonlar</b> oʻynasin? Raqamlarini bosing; yozgan soʻzlaringiz "
        "roʻyxatdan qidiradi."
    ),
    "mashup_many_choose_music": (
        "🎬 <b>Qaysi musiqa</b> olinsin? Raqamlarini bosing; yozgan soʻzlaringiz roʻyxatdan "
        "qidiradi."
    ),
    "mashup_many_chosen": {"one": "{count} ta tanlandi.", "other": "{count} ta tanlandi."},
    "mashup_many_chosen_none": "Hech narsa tanlanmagan, demak kutubxonadagi hammasi boʻlaveradi.",
    "mashup_many_chosen_most": "Koʻpi bilan {most} ta tanlanadi. Avval birortasini olib tashlang.",
    "mashup_no_such_source": (
        "Videolaringiz orasida “{name}” nomli yoki shunday soʻzli video yoʻq. /library koʻrsatgan "
        "nom, soʻz, raqam yoki #teg yozing."
    ),
    "mashup_no_such_template": (
        "Shablonlaringiz orasida “{name}” nomli yoki shunday soʻzli shablon yoʻq. /library "
        "koʻrsatgan nom, soʻz, raqam yoki #teg yozing."
    ),
    "mashup_no_such_music": (
        "Musiqangiz orasida “{name}” nomli yoki shunday soʻzli musiqa yoʻq. /library koʻrsatgan "
        "nom, soʻz, raqam yoki #teg yozing."
    ),
}

BUTTONS: Sentences = {
    "button_mashup_number": "{number}",
    "button_mashup_on": "✓ {words}",
    "button_mashup_listen": "▶ {number}",
    "button_mashup_pictures": "🖼 Rasmlar",
    "button_mashup_earlier": "◀",
    "button_mashup_later": "▶",
    "button_mashup_kind_source": "Videolar",
    "button_mashup_kind_template": "Shablonlar",
    "button_mashup_kind_hot": "Trend videolar",
    "button_mashup_kind_product": "Mahsulotlar",
    "button_mashup_any_mood": "Har qanday kayfiyat",
    "button_mashup_mood": "{mood}",
    "button_mashup_layout_side": "◧ Yonma-yon",
    "button_mashup_layout_stack": "⬒ Ustma-ust",
    "button_mashup_layout_full": "▢ Butun kadr",
    "button_mashup_layout_corner": "◳ Burchakda kichik",
    "button_mashup_layout_sequence": "⇥ Ketma-ket",
    "button_mashup_aspect": "{aspect}",
    "button_mashup_length": "{length}",
    "button_mashup_look_outline": "Harflar: hoshiyali",
    "button_mashup_look_box": "Harflar: fonli",
    "button_mashup_place_top": "Joyi: tepada",
    "button_mashup_place_middle": "Joyi: oʻrtada",
    "button_mashup_place_bottom": "Joyi: pastda",
    "button_mashup_no_words": "Yozuvsiz",
    "button_mashup_no_mark": "Belgisiz",
    "button_mashup_no_credit": "Muallifsiz",
    "button_mashup_all": "✖ Hammasini koʻrsatish",
    "button_mashup_target": "{platform} · {name}",
    "button_mashup_target_group": "👥 {name}",
    "button_mashup_only_make": "Faqat tayyorlash",
    "button_mashup_back": "‹ Orqaga",
    "button_mashup_skip": "Oʻtkazib yuborish",
    "button_mashup_next": "Keyingi ›",
    "button_mashup_surprise": "🎲 Tasodifan tanlash",
    "button_mashup_another": "🎲 Boshqasi",
    "button_mashup_cancel": "✖ Bekor qilish",
    "button_mashup_preview": "👁 Uch soniyasini koʻrsatish",
    "button_mashup_go": "🚀 Tayyorlash",
    "button_mashup_go_many": "🚀 {count} ta tayyorlash",
    "button_mashup_go_on": "▶ Davom ettirish",
    "button_mashup_anew": "Boshidan boshlash",
    "button_mashup_choose_source": "☑ Videolar",
    "button_mashup_choose_template": "☑ Shablonlar",
    "button_mashup_choose_music": "☑ Musiqa",
    "button_mashup_everything": "Hammasi",
    "button_mashup_chosen": "‹ Tayyor",
    "button_mashup_twins": "Ataylab bir xil fayl",
}

STUDIO: Sentences = {
    "studio_policy": (
        "Qoidalar ruxsat bermaydi. Qaysilari ekanini /mashup tayyorlashdan oldin koʻrsatadi."
    ),
    "studio_crashed": (
        "Uni tayyorlayotganda Karvon qayta-qayta toʻxtab qoldi. Qisqaroq boʻlaklar yoki yengilroq "
        "preset yordam berishi mumkin; “Qayta urinish” uni yana tayyorlaydi."
    ),
    "studio_internal": (
        "Ichki xato. Batafsil render jurnalida; “Qayta urinish” uni yana tayyorlaydi."
    ),
    "studio_other": "Buni qilib boʻlmaydi: {what}.",
    "studio_no_glyph": (
        "Bu belgilar hech qaysi shriftda yoʻq: {characters}. Ularni olib tashlang yoki ular bor "
        "shriftni studio.fonts sozlamasidagi papkaga soling."
    ),
    "studio_unknown_font": (
        "{font} degan shrift yoʻq. Borlari: {known}. Birini tanlang yoki oʻzingiznikini "
        "studio.fonts sozlamasidagi papkaga soling."
    ),
    "studio_music_start": (
        "Musiqa {start} s dan boshlanishi kerak, lekin u {length} s da tugaydi. Ertaroq "
        "boshlanishini tanlang."
    ),
    "studio_captions_too_large": (
        "“{name}” subtitr uchun juda katta: koʻpi bilan {limit} mumkin. SRT yoki ASS faylning "
        "oʻzini yuboring."
    ),
    "studio_captions_charset": (
        "“{name}” qaysi kodirovkada yozilganini bilib boʻlmadi. Uni UTF-8 qilib saqlab, yana "
        "yuboring."
    ),
    "studio_captions_broken": (
        "“{name}” ichida oʻqib boʻladigan subtitr yoʻq. Soʻzlari va vaqtlari bor SRT, WebVTT yoki "
        "ASS fayl yuboring."
    ),
    "studio_bad_count": ("{count} ta mashup tayyorlab boʻlmaydi. 1 dan {limit} gacha son yozing."),
    "studio_missing_kinds": "Kutubxonada bular yoʻq: {kinds}. Qoʻshish: /add",
    "studio_missing_parts": (
        "Kutubxonada bular yoʻq: {kinds}. /add bilan qoʻshing yoki boshqa kayfiyat soʻrang."
    ),
    "studio_too_few_parts": (
        "{count} ta turli mashup soʻraldi, borlaridan ({kinds}) esa faqat {room} tasi chiqadi. "
        "Yana {more} ta {kind} qoʻshing yoki kamroq soʻrang."
    ),
}

RENDER: Sentences = {
    "studio_unknown_layout": "{layout} degan joylashuv yoʻq. Borlari: {known}.",
    "studio_unknown_profile": "{profile} degan profil yoʻq. Borlari: {known}.",
    "studio_unknown_aspect": "{aspect} degan kadr shakli yoʻq. Borlari: {known}.",
    "studio_parts_missing": (
        "{layout} joylashuvida {wanted} ta boʻlak koʻrinadi, berilgani esa faqat {given} ta. Yana "
        "qoʻshing yoki boshqa joylashuvni tanlang."
    ),
    "studio_parts_many": (
        "{layout} joylashuvida {wanted} ta boʻlak koʻrinadi, berilgani esa {given} ta. "
        "Ortiqchasini olib tashlang yoki boshqa joylashuvni tanlang."
    ),
    "studio_missing": "“{name}” degan fayl yoʻq.",
    "studio_empty": "“{name}” boʻsh. Uning boshqa nusxasini oling.",
    "studio_no_access": "Fayl yoki papkani oʻqish yoki yozishga ruxsat yoʻq: {text}.",
    "studio_unreadable": (
        "“{name}” faylini oʻqib boʻlmadi: u buzilgan yoki video, ovoz yoki rasm emas."
    ),
    "studio_cut_off_input": "“{name}” chala: oxiri yoʻq. Uning boshqa nusxasini oling.",
    "studio_too_small": "“{name}” tasviri juda kichik ({size}).",
    "studio_too_many_pixels": "“{name}” rasmi juda katta ({size}). Uni kichraytiring.",
    "studio_zero_length": "“{name}” ichida koʻrsatadigan yoki eshittiradigan hech narsa yoʻq.",
    "studio_changed": (
        "“{name}” kutilgan fayl emas. Toʻgʻrisini oling yoki uning nazorat summasini olib "
        "tashlang."
    ),
    "studio_replaced": (
        "“{name}” undan video tayyorlanayotganda oʻzgardi. Fayl boshqa oʻzgarmaydigan boʻlganda "
        "qayta tayyorlang."
    ),
    "studio_busy": (
        "“{name}” allaqachon tayyorlanmoqda. Tayyor boʻlishini kuting yoki boshqa nom tanlang."
    ),
    "studio_no_picture": "“{name}” ichida tasvir yoʻq, faqat ovoz. Uni musiqa sifatida oling.",
    "studio_no_sound": "“{name}” ovozsiz, shuning uchun musiqa boʻla olmaydi.",
    "studio_no_still": ("“{name}” rasm emas. Suv belgisi uchun PNG, JPEG yoki WebP fayl oling."),
    "studio_start_late": (
        "“{name}” {start} s dan boshlanishi kerak, lekin u {length} s da tugaydi. Ertaroq "
        "boshlanishini tanlang."
    ),
    "studio_no_time_left": (
        "Kirish va yakun qismlari {seconds} s ni toʻliq egallab, videoga vaqt qoldirmayapti. Uni "
        "uzaytiring yoki ulardan birini olib tashlang."
    ),
    "studio_too_long": (
        "Uzunligi {seconds} s chiqadi, {profile} esa koʻpi bilan {limit} s oladi. Uni "
        "qisqartiring."
    ),
    "studio_bad_sheet": "“{name}” mashup tavsifi emas: {text}.",
    "studio_damaged": (
        "Natija butun chiqmadi ({text}) va tashlab yuborildi. Yana urinib koʻring."
    ),
    "studio_over_time": (
        "Ish {minutes} daqiqadan oshib ketdi va toʻxtatildi. Videoni qisqartiring yoki "
        "studio.minutes sozlamasini oshiring."
    ),
    "studio_over_memory": (
        "Ish {limit} MiB dan koʻp xotira oldi va toʻxtatildi. Kichikroq fayllar oling yoki "
        "studio.memory_bytes sozlamasini oshiring."
    ),
    "studio_no_memory": "Xotira yetmadi. Boshqa dasturlarni yopib, yana urinib koʻring.",
    "studio_no_filter": "Bu ffmpeg da keraklisi yoʻq ({text}). Yangirogʻini oʻrnating.",
    "studio_no_encoder": (
        "Bu ffmpeg da kodlovchi yoʻq ({text}). libx264 va AAC borini oʻrnating."
    ),
    "studio_index_large": "Video indeksi ajratilgan joyga sigʻmadi. Yana urinib koʻring.",
    "studio_stalled": "ffmpeg qotib qoldi va toʻxtatildi. Yana urinib koʻring.",
    "studio_killed": "ffmpeg tashqaridan toʻxtatildi ({text}). Yana urinib koʻring.",
    "studio_broken": "ffmpeg uni tayyorlay olmadi: {text}.",
}

POLICY: Sentences = {
    "policy_other": "“{rule}” qoidasi buzilgan.",
    "policy_own_time": (
        "Oʻz materialingiz vaqtning {percent}% qismida koʻrinadi, {limit}% dan koʻp boʻlishi "
        "kerak. Oʻz boʻlagingizni uzaytiring yoki boshqalarini qisqartiring."
    ),
    "policy_own_picture": (
        "Oʻz boʻlaklaringiz kadrning {percent}% qismini egallaydi, {limit}% dan koʻp boʻlishi "
        "kerak. Oʻz boʻlagingizni kattaroq joyga qoʻying yoki boshqa joylashuvni tanlang."
    ),
    "policy_unknown_licence": (
        "“{name}” qaysi huquq bilan ishlatilishini hech kim aytmagan. Uni litsenziyasi bilan "
        "kutubxonaga qoʻshing."
    ),
    "policy_no_licence": (
        "“{name}” faylining litsenziyasi yoʻq. Uni /library da ochib, litsenziyasini yoki "
        "oʻzingizniki ekanini yozing."
    ),
    "policy_no_attribution": (
        "“{name}” litsenziyasi ({licence}) muallifini koʻrsatishni talab qiladi, u esa "
        "yozilmagan. Faylni /library da ochib, muallif qatorini yozing."
    ),
    "policy_not_credited": (
        "“{name}” uchun videoda shu yozuv turishi shart, hozir esa u yoʻq: {attribution}. Uni "
        "pastdagi qatorga qoʻshing."
    ),
    "policy_reuse": {
        "one": (
            "“{name}” soʻnggi 7 kunda {account} uchun {used} marta ishlatilgan, koʻpi bilan "
            "{limit} marta mumkin. Boshqasini tanlang yoki {count} kun kuting."
        ),
        "other": (
            "“{name}” soʻnggi 7 kunda {account} uchun {used} marta ishlatilgan, koʻpi bilan "
            "{limit} marta mumkin. Boshqasini tanlang yoki {count} kun kuting."
        ),
    },
    "policy_twins": (
        "{account} va {other} bir soat ichida bir xil video oladi. Har biri uchun alohida video "
        "tayyorlang yoki bittasini chetda qoldiring."
    ),
    "policy_twins_lately": (
        "Xuddi shu video bir soatga yetmay oldin {other} uchun chiqqan ({render_id}-render), endi "
        "{account} uchun ham chiqadi. Biror narsani oʻzgartiring yoki bir soat oʻtishini kuting."
    ),
}

SENTENCES: Sentences = {
    **WIZARD,
    **NOTES,
    **ENDS,
    **MANY,
    **BUTTONS,
    **STUDIO,
    **RENDER,
    **POLICY,
}

"""Every sentence in Vietnamese, one file a subject, with the same keys as in English.

People are addressed as “bạn”, the bot calls itself “mình” only where it must. A time stands
behind “lúc” or “đến”, and is written before its day.

Glossary: post – bài đăng; upload – lượt tải lên; video – video; live – đã đăng; account – tài
khoản; target, platform – nơi đăng, nền tảng; group – nhóm; quota – hạn ngạch; limits – giới hạn;
draft – bản nháp; card – thẻ; caption – chú thích; sign-in – đăng nhập; connect – kết nối; pause
– tạm dừng; link – liên kết; thumbnail – ảnh bìa; visibility – quyền xem; retry – thử lại; log –
nhật ký; settings – cài đặt; batch – lô; clip – clip; to fit – chỉnh cho vừa; remedy – cách sửa;
entry – mục; page – trang; dry run – chạy thử; failed – thất bại; cause – nguyên nhân; to fetch –
tải về; words – nội dung; to put aside – gác lại; lost answer – không nhận được phản hồi; library
– thư viện; own clip – clip tự làm; template – mẫu; hot video – video hot; mashup – video ghép;
render – bản dựng; to make – dựng; mood – tâm trạng; tag – thẻ; rights – quyền; licence – giấy
phép; attribution – ghi công; origin – nguồn; layout – bố cục; words over the picture – chữ;
captions of a video – phụ đề; watermark – hình mờ; preview – xem thử; storage – kho lưu trữ.
"""

from __future__ import annotations

from bot.chat.texts.forms import Sentences
from bot.chat.texts.vi import (
    accounts,
    base,
    batches,
    connect,
    doctor,
    figures,
    fit,
    fitting,
    groups,
    language,
    letters,
    library,
    limits,
    links,
    live,
    mashup,
    options,
    renders,
    units,
)

SUBJECTS = (
    base,
    accounts,
    connect,
    doctor,
    groups,
    limits,
    live,
    options,
    links,
    batches,
    fit,
    fitting,
    letters,
    figures,
    language,
    library,
    mashup,
    renders,
    units,
)

NAME = "Tiếng Việt"
DAY = "d/M"
DAY_OF_YEAR = "d/M/y"
"""Patterns of dates in CLDR's signs."""

SENTENCES: Sentences = {
    key: sentence for subject in SUBJECTS for key, sentence in subject.SENTENCES.items()
}

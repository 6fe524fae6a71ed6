"""Vietnamese sentences about options of platforms in captions."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSALS: Sentences = {
    "bad_option": (
        "“{given}” không dùng được cho <b>{key}:</b>. Có thể: {known}.\n{help}\nHãy sửa dòng đó "
        "rồi gửi lại."
    ),
    "option_nowhere": (
        "{targets} không hỗ trợ <b>{key}:</b>, chỉ có {owners}. Hãy bỏ dòng đó, hoặc thêm nơi như "
        "vậy bằng <code>to:</code>."
    ),
}

HELP: Sentences = {
    "help_options": (
        "<b>Các dòng khác cho chú thích.</b> Sau mỗi dòng là nơi hỗ trợ. Nơi khác sẽ bỏ qua, và "
        "thẻ sẽ ghi rõ."
    ),
    "help_option": "{line} <i>{owners}</i>",
    "option_category": "<code>category: Education</code> – danh mục, theo tên hoặc số",
    "option_playlist": "<code>playlist: PL…</code> – đưa video vào danh sách phát này của bạn",
    "option_kids": "<code>kids: yes</code> – dành cho trẻ em",
    "option_ai": "<code>ai: yes</code> – cho biết video do AI tạo hoặc chỉnh sửa",
    "option_notify": "<code>notify: no</code> – không báo cho người đăng ký",
    "option_language": "<code>language: en</code> – ngôn ngữ của tiêu đề và mô tả",
    "option_license": "<code>license: creativecommon</code> – hoặc youtube",
    "option_embed": "<code>embed: no</code> – trang web khác không được nhúng",
    "option_title": "<code>title.de: …</code> – tiêu đề bằng ngôn ngữ khác",
    "option_text": "<code>text.de: …</code> – mô tả bằng ngôn ngữ khác",
    "option_comments": "<code>comments: no</code> – không ai được bình luận",
    "option_duet": "<code>duet: no</code> – không ai được làm duet",
    "option_stitch": "<code>stitch: no</code> – không ai được ghép nối (stitch)",
    "option_brand": (
        "<code>brand: own</code> – quảng bá thương hiệu của bạn; paid: đối tác trả tiền; both, "
        "none"
    ),
    "option_draft": "<code>draft: yes</code> – chỉ lưu bản nháp, bạn tự đăng trong ứng dụng",
    "option_cover": "<code>cover: 2.5</code> – khung hình ở giây này là ảnh bìa",
    "option_feed": "<code>feed: no</code> – chỉ trong Reels, không lên bảng tin",
    "option_collaborators": "<code>collaborators: ann, bob</code> – mời tối đa 3 đồng tác giả",
    "option_together": "<code>together: yes</code> – đăng mọi nơi vào cùng một phút",
    "option_fit": (
        "<code>fit: auto</code> – chỉnh video nếu có nơi không nhận; ask: hỏi trước; off: để "
        "nguyên"
    ),
    "option_onfail": (
        "<code>onfail: hold</code> – dùng với together: nếu một nơi thất bại, các nơi khác chờ "
        "bạn; go: không chờ"
    ),
}

SENTENCES: Sentences = {**REFUSALS, **HELP}

"""The blocks of interviews."""

from wagtail.blocks import CharBlock, RichTextBlock, StructBlock

from territoires_en_commun.base.block_parts import LIST_FEATURES


class QuestionBlock(StructBlock):
    """A question and its answer."""

    question = CharBlock(label="question", max_length=300)
    answer = RichTextBlock(label="réponse", features=LIST_FEATURES)

    class Meta:
        icon = "help"
        label = "Question et réponse"
        description = "Ce que l’on demande, et ce que répond la personne interrogée."
        preview_value = {
            "question": "Qu’est-ce qui a changé pour les habitants ?",
            "answer": "<p>Ils trouvent tout au même endroit, le samedi aussi.</p>",
        }
        template = "blog/question.html"

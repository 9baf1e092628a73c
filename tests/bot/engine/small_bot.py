"""A small but real bot without TensorFlow: a form, rules, a memoized story, two languages, two channels."""

from pathlib import Path

FILES = {
    "config.yml": """
recipe: default.v1
assistant_id: small-bot
language: en
pipeline:
- name: WhitespaceTokenizer
- name: spoken.SpokenLanguage
- name: RegexFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: LogisticRegressionClassifier
- name: RegexEntityExtractor
  use_word_boundaries: false
- name: EntitySynonymMapper
policies:
- name: RulePolicy
- name: MemoizationPolicy
  max_history: 4
""",
    "domain.yml": """
version: "3.1"
intents: [greet, affirm, deny, goodbye, book_table, inform, upset]
entities: [city]
slots:
  city:
    type: text
    mappings: [{type: from_entity, entity: city}]
  guests:
    type: text
    mappings:
    - type: from_text
      conditions: [{active_loop: booking_form, requested_slot: guests}]
  language:
    type: text
    influence_conversation: false
    mappings: [{type: custom}]
  pending_request:
    type: text
    influence_conversation: false
    mappings: [{type: custom}]
  language_lock:
    type: text
    influence_conversation: false
    mappings: [{type: custom}]
  mood:
    type: text
    influence_conversation: false
    mappings: [{type: custom}]
  offer:
    type: text
    influence_conversation: false
    mappings: [{type: custom}]
forms:
  booking_form:
    required_slots: [city, guests]
responses:
  utter_greet: [{text: "Hello, shall I tell you about today's menu?"}]
  utter_menu: [{text: "Soup and bread."}]
  utter_no_menu: [{text: "As you like."}]
  utter_ask_city:
  - text: "In which city?"
    buttons: [{title: Bristol, payload: '/inform{{"city": "Bristol"}}'}]
  utter_ask_guests: [{text: "For how many?"}]
  utter_booked: [{text: "A table in {city} for {guests}."}]
  utter_default: [{text: "Sorry?"}]
  utter_upset: [{text: "I am sorry."}]
  utter_goodbye:
  - text: "Goodbye."
  - condition: [{type: slot, name: language, value: zh}]
    text: "再见。"
""",
    "data/nlu.yml": """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - hello there
    - good morning
    - 你好
- intent: affirm
  examples: |
    - yes
    - yes please
    - of course
- intent: deny
  examples: |
    - no
    - no thanks
    - not now
- intent: goodbye
  examples: |
    - goodbye
    - bye
    - see you later
    - 再见
- intent: book_table
  examples: |
    - book a table
    - I want to book a table
    - reserve a table in [Bristol](city)
- intent: inform
  examples: |
    - [Bristol](city)
    - in [London](city)
    - [Edinburgh](city) please
    - two
    - four
    - for six
- synonym: London
  examples: |
    - the capital
- lookup: city
  examples: |
    - Bristol
    - London
    - Edinburgh
    - the capital
""",
    "data/rules.yml": """
version: "3.1"
rules:
- rule: start the form
  steps:
  - intent: book_table
  - action: booking_form
  - active_loop: booking_form
- rule: finish the form
  condition:
  - active_loop: booking_form
  steps:
  - action: booking_form
  - active_loop: null
  - slot_was_set:
    - requested_slot: null
  - action: utter_booked
- rule: say goodbye
  steps:
  - intent: goodbye
  - action: utter_goodbye
- rule: say sorry
  steps:
  - intent: upset
  - action: utter_upset
""",
    "data/stories.yml": """
version: "3.1"
stories:
- story: the menu
  steps:
  - intent: greet
  - action: utter_greet
  - intent: affirm
  - action: utter_menu
- story: no menu
  steps:
  - intent: greet
  - action: utter_greet
  - intent: deny
  - action: utter_no_menu
""",
    "conversations/test_good.yml": """
version: "3.1"
stories:
- story: the menu
  steps:
  - user: hello
    intent: greet
  - action: utter_greet
  - user: yes please
    intent: affirm
  - action: utter_menu
- story: a table
  steps:
  - user: book a table
    intent: book_table
  - action: booking_form
  - active_loop: booking_form
  - user: in [London](city)
    intent: inform
  - slot_was_set:
    - city: London
  - action: booking_form
  - user: four
    intent: inform
  - slot_was_set:
    - guests: four
  - action: booking_form
  - active_loop: null
  - slot_was_set:
    - requested_slot: null
  - action: utter_booked
""",
    "wrong/test_wrong.yml": """
version: "3.1"
stories:
- story: a greeting answered with a goodbye
  steps:
  - user: hello
    intent: greet
  - action: utter_goodbye
""",
    "credentials.yml": """
rest:
socketio:
  user_message_evt: user_uttered
  bot_message_evt: bot_uttered
  session_persistence: true
""",
    "endpoints.yml": """
tracker_store:
  type: SQL
  dialect: sqlite
  db: tracker.db
""",
    # What bot/components/ does in the real bot: the language, and two requests in one message.
    "spoken.py": """
from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from typing import List
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SpokenLanguage(GraphComponent):
    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get("text") or ""
            chinese = any("一" <= character <= "鿿" for character in text)
            language = "zh" if chinese else "en" if any(map(str.isalpha, text)) else None
            message.set("language", language, add_to_output=True)
            if "awful" in text:
                message.set("sentiment", {"name": "negative", "confidence": 0.9}, add_to_output=True)
            parts = text.split(" and also ")
            if len(parts) == 2:
                message.set("requests", [{"text": part} for part in parts], add_to_output=True)
        return messages
""",
}


def write(folder: Path) -> Path:
    """Write the bot's files into `folder`."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
    return folder

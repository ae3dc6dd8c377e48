import json
import sqlite3
import subprocess

import anthropic
import openai
from flask import render_template
from markupsafe import Markup, escape

client = openai.OpenAI()
claude = anthropic.Anthropic()
TOOLS = {}


def run_answer(question):
    answer = client.chat.completions.create(model="m", messages=[{"role": "user", "content": question}])
    # ruleid: model-output-code
    exec(answer.choices[0].message.content)


def run_text(question):
    message = claude.messages.create(model="m", max_tokens=9, messages=[{"role": "user", "content": question}])
    command = message.content[0].text.strip()
    # ruleid: model-output-code
    subprocess.run(command, shell=True)


async def run_later(session, question):
    answer = await client.responses.create(model="m", input=question)
    # ruleid: model-output-code
    return eval(answer.output_text)


def call_a_tool(question):
    answer = client.chat.completions.create(model="m", messages=[{"role": "user", "content": question}])
    call = answer.choices[0].message.tool_calls[0].function
    # ok: model-output-code
    return TOOLS[call.name](**json.loads(call.arguments))


def run_own(question):
    answer = client.chat.completions.create(model="m", messages=[{"role": "user", "content": question}])
    # ok: model-output-code
    subprocess.run(["notify-send", "answered"], check=True)
    return answer


def create(session, text):
    user = session.users.create(name=text)
    # ok: model-output-code
    eval(user.formula)


def query(question):
    answer = client.chat.completions.create(model="m", messages=[{"role": "user", "content": question}])
    statement = answer.choices[0].message.content
    cursor = sqlite3.connect("shop.db").cursor()
    # ruleid: model-output-sql
    cursor.execute(statement)
    # ok: model-output-sql
    cursor.execute("INSERT INTO answers VALUES (?)", (statement,))
    # ok: model-output-sql
    return cursor.execute("SELECT 1")


def page(question):
    answer = client.chat.completions.create(model="m", messages=[{"role": "user", "content": question}])
    # ok: model-output-html
    plain = render_template("answer.html", answer=answer.choices[0].message.content)
    # ok: model-output-html
    safe = escape(answer.choices[0].message.content)
    # ruleid: model-output-html
    return Markup(answer.choices[0].message.content), plain, safe

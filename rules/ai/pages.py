import html

import gradio as gr
import streamlit as st
from flask import request

with gr.Blocks() as demo:
    gr.Textbox()


def serve(answer, password):
    # ruleid: public-demo
    gr.Interface(fn=answer, inputs="text", outputs="text").launch(share=True)
    # ok: public-demo
    gr.Interface(fn=answer, inputs="text", outputs="text").launch(share=True, auth=("ann", password))
    # ok: public-demo
    gr.Interface(fn=answer, inputs="text", outputs="text").launch()
    board = gr.ChatInterface(answer)
    # ruleid: public-demo
    board.launch(server_port=80, share=True)


def start(rocket):
    # ok: public-demo
    rocket.launch(share=True)


def show(name, column):
    # ruleid: streamlit-html
    st.markdown(f"<b>{name}</b>", unsafe_allow_html=True)
    # ruleid: streamlit-html
    column.markdown("<b>" + name + "</b>", unsafe_allow_html=True)
    # ok: streamlit-html
    st.markdown(f"<b>{html.escape(name)}</b>", unsafe_allow_html=True)
    # ok: streamlit-html
    st.markdown("<style>b { color: red }</style>", unsafe_allow_html=True)
    # ok: streamlit-html
    st.markdown(f"**{name}**")


def ask(client, orders):
    # ruleid: prompt-from-request
    messages = [{"role": "system", "content": f"Answer in the voice of {request.args['voice']}"}]
    # ok: prompt-from-request
    messages += [{"role": "user", "content": request.args["question"]}]
    # ok: prompt-from-request
    messages += [{"role": "system", "content": orders}]
    return client.chat.completions.create(model="m", messages=messages)


# ruleid: public-demo
demo.launch(share=True)

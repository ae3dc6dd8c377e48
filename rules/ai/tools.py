import autogen
from agents import Agent
from langchain.agents import AgentExecutor
from langchain_community.agent_toolkits import create_sql_agent
from langchain_community.tools import DuckDuckGoSearchRun, ShellTool
from langchain_experimental.agents import create_pandas_dataframe_agent
from langchain_experimental.sql import SQLDatabaseChain
from langchain_experimental.utilities import PythonREPL
from llama_index.core.query_engine import PandasQueryEngine, RetrieverQueryEngine


def tools(orders):
    # ruleid: agent-shell-tool
    shell = ShellTool()
    # ruleid: agent-shell-tool
    repl = PythonREPL()
    # ruleid: agent-shell-tool
    user = autogen.UserProxyAgent("u", code_execution_config={"work_dir": "w", "use_docker": False})
    # ok: agent-shell-tool
    other = autogen.UserProxyAgent("u", code_execution_config={"work_dir": "w", "use_docker": True})
    # ok: agent-shell-tool
    search = DuckDuckGoSearchRun()
    return [shell, repl, user, other, search, orders]


class ShellTool2:
    pass


def own():
    # ok: agent-shell-tool
    return ShellTool2()


def chains(llm, frame, retriever, load):
    # ruleid: agent-runs-code
    create_pandas_dataframe_agent(llm, frame, allow_dangerous_code=True)
    # ruleid: agent-runs-code
    PandasQueryEngine(df=frame)
    # ruleid: agent-runs-code
    load(llm, allow_dangerous_code=True)
    # ok: agent-runs-code
    load(llm, allow_dangerous_code=False)
    # ok: agent-runs-code
    return RetrieverQueryEngine(retriever)


def databases(llm, database):
    # ruleid: agent-sql-chain
    SQLDatabaseChain.from_llm(llm, database)
    # ruleid: agent-sql-chain
    create_sql_agent(llm, db=database)
    # ok: agent-sql-chain
    llm.with_structured_output(database)
    # ok: agent-sql-chain
    return database.run("SELECT 1")


def loops(agent, steps):
    # ruleid: agent-without-limit
    AgentExecutor(agent=agent, tools=[], max_iterations=None)
    # ok: agent-without-limit
    AgentExecutor(agent=agent, tools=[], max_iterations=steps)
    # ok: agent-without-limit
    return AgentExecutor(agent=agent, tools=[])


def unattended():
    # ruleid: auto-approved-actions
    autogen.UserProxyAgent("u", human_input_mode="NEVER", code_execution_config={"work_dir": "w"})
    # ok: auto-approved-actions
    autogen.UserProxyAgent("u", human_input_mode="ALWAYS", code_execution_config={"work_dir": "w"})
    # ok: auto-approved-actions
    autogen.UserProxyAgent("u", human_input_mode="NEVER", code_execution_config=False)
    # ok: auto-approved-actions
    return Agent(name="a", instructions="b")

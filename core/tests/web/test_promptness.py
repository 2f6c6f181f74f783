"""An answer leaves at once."""

import asyncio
import socket

from parvis.serving import listen


async def test_what_we_send_does_not_wait_for_the_client_to_confirm_the_part_before():
    prompt: list[int] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        prompt.append(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    listening = listen("127.0.0.1", 0)
    server = await asyncio.start_server(connected, sock=listening)
    async with server:
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        await reader.read()
        writer.close()
        await writer.wait_closed()
    assert prompt
    assert all(prompt)

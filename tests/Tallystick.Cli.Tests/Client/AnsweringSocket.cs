using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Tallystick.Cli.Tests.Client;

/// <summary>
/// A real Unix domain socket that reads each request to its end and then does with the connection what a test says.
/// </summary>
internal sealed class AnsweringSocket : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tallystick-test-");
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Func<Socket, Task> answer;
    private readonly Task serving;

    private AnsweringSocket(Func<Socket, Task> answer)
    {
        this.answer = answer;
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen();
        serving = Task.Run(ServeAsync);
    }

    public string Path => System.IO.Path.Combine(folder.FullName, "api.sock");

    /// <summary>What was asked, as it came.</summary>
    public List<string> Requests { get; } = [];

    public static AnsweringSocket Doing(Func<Socket, Task> answer) => new(answer);

    /// <summary>Answers with these pieces, one after the other, and closes.</summary>
    public static AnsweringSocket Saying(params byte[][] pieces) => new(async socket =>
    {
        foreach (var piece in pieces)
        {
            await socket.SendAsync(piece);
            await Task.Yield();
        }
    });

    public static AnsweringSocket Saying(string text) => Saying(Encoding.UTF8.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await serving;
        folder.Delete(recursive: true);
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            Socket caller;
            try
            {
                caller = await listener.AcceptAsync();
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException)
            {
                return;
            }
            using (caller)
            {
                try
                {
                    Requests.Add(await ReadAsync(caller));
                    await answer(caller);
                }
                catch (SocketException)
                {
                    // The client has heard enough.
                }
            }
        }
    }

    private static async Task<string> ReadAsync(Socket caller)
    {
        var (request, buffer) = (new List<byte>(), new byte[4096]);
        while (true)
        {
            var text = Encoding.UTF8.GetString([.. request]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && Encoding.UTF8.GetByteCount(text[(end + 4)..]) == LengthIn(text[..end]))
                return text;
            var count = await caller.ReceiveAsync(buffer);
            request.AddRange(count > 0 ? buffer[..count] : throw new SocketException((int)SocketError.ConnectionReset));
        }
    }

    private static int LengthIn(string head)
    {
        const string field = "Content-Length: ";
        var line = head.Split("\r\n").FirstOrDefault(each => each.StartsWith(field, StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line[field.Length..], CultureInfo.InvariantCulture);
    }
}

using System.Net;
using System.Net.Sockets;

namespace Tallystick.Node.Tests.Links;

/// <summary>A port whose queue is full: whoever connects hears nothing, neither an answer nor a refusal.</summary>
internal sealed class SilentPort : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> waiting = [];

    private SilentPort()
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
    }

    public string Address => listener.LocalEndPoint!.ToString()!;

    public static async Task<SilentPort> OpenAsync()
    {
        var port = new SilentPort();
        Task connecting;
        do
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            port.waiting.Add(socket);
            connecting = socket.ConnectAsync(port.listener.LocalEndPoint!);
        }
        while (await Task.WhenAny(connecting, Task.Delay(Patience)) == connecting);
        _ = connecting.ContinueWith(late => late.Exception, TaskScheduler.Default);
        return port;
    }

    public void Dispose()
    {
        waiting.ForEach(socket => socket.Dispose());
        listener.Dispose();
    }
}

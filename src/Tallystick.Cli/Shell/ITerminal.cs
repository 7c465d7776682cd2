using System.Threading.Channels;

namespace Tallystick.Cli.Shell;

/// <summary>A terminal that gives keys one by one and understands cursor sequences.</summary>
internal interface ITerminal : IDisposable
{
    /// <summary>Its width in cells, now.</summary>
    int Width { get; }

    /// <summary>What is pressed; completed when the terminal is gone.</summary>
    ChannelReader<Key> Keys { get; }

    /// <summary>Writes at once; lines end with carriage return and line feed.</summary>
    void Write(string text);
}

/// <summary>What both kinds of terminal share: a bounded queue of keys, and output in UTF-8.</summary>
internal abstract class KeyTerminal : ITerminal
{
    // Bounded: whoever pastes faster than we read waits in the terminal's own buffer.
    private readonly Channel<Key> keys = Channel.CreateBounded<Key>(
        new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly Stream output = Console.OpenStandardOutput();

    public int Width
    {
        get
        {
            try
            {
                return Console.WindowWidth is > 0 and var width ? width : 80;
            }
            catch (IOException)
            {
                return 80;
            }
        }
    }

    public ChannelReader<Key> Keys => keys.Reader;

    public void Write(string text)
    {
        try
        {
            output.Write(System.Text.Encoding.UTF8.GetBytes(text));
            output.Flush();
        }
        catch (IOException)
        {
            // The window was closed; the end of input follows.
        }
    }

    public void Dispose()
    {
        Close();
        keys.Writer.TryComplete();
        output.Dispose();
    }

    /// <summary>Opens the right kind for this system.</summary>
    public static ITerminal Open() => OperatingSystem.IsWindows() ? new WindowsTerminal() : new UnixTerminal();

    protected abstract void Close();

    /// <summary>Reads on a thread of its own, since reading a terminal blocks and cannot be cancelled.</summary>
    protected void StartReading(Action read)
    {
        var thread = new Thread(() =>
        {
            try
            {
                read();
            }
            catch (Exception broken) when (
                broken is IOException or InvalidOperationException or ObjectDisposedException)
            {
                // The terminal is gone; that is the end of input.
            }
            keys.Writer.TryComplete();
        })
        {
            IsBackground = true,
            Name = "terminal keys",
        };
        thread.Start();
    }

    protected void Pressed(Key key)
    {
        if (!keys.Writer.TryWrite(key))
            keys.Writer.WriteAsync(key).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Unlike a key, a change of size may be forgotten when nobody reads.</summary>
    protected void Resized() => keys.Writer.TryWrite(new Key(KeyKind.Resized));
}

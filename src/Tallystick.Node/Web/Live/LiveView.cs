using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Tallystick.Node.Web.Live;

/// <summary>One picture for everybody who looks at it: rendered once for each change, however many look.</summary>
internal sealed class LiveView
{
    // The first change is shown at once. Under a flood, a picture is made this often, so that the books come first.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly Lock gate = new();
    private readonly HashSet<ChannelWriter<byte[]>> shown = [];
    private readonly HashSet<ChannelWriter<byte[]>> newcomers = [];

    private LiveView()
    {
    }

    public static LiveView Start(Func<Task<string>> render, ILogger log)
    {
        var view = new LiveView();
        _ = Task.Run(() => view.RunAsync(render, log));
        return view;
    }

    public void Refresh() => changes.Writer.TryWrite(true);

    public void Add(ChannelWriter<byte[]> listener)
    {
        lock (gate)
            newcomers.Add(listener);
        Refresh();
    }

    /// <summary>True when nobody looks any more; the view has ended then.</summary>
    public bool Remove(ChannelWriter<byte[]> listener)
    {
        lock (gate)
        {
            shown.Remove(listener);
            newcomers.Remove(listener);
            return shown.Count + newcomers.Count == 0 && changes.Writer.TryComplete();
        }
    }

    private async Task RunAsync(Func<Task<string>> render, ILogger log)
    {
        var last = string.Empty;
        await foreach (var _ in changes.Reader.ReadAllAsync())
        {
            try
            {
                var now = await render();
                Show(now, isNew: now != last);
                last = now;
            }
            catch (Exception e)
            {
                // The next change is another try; what is shown stays until then.
                log.LogError(e, "A live picture could not be made");
            }
            await Task.Delay(Pause);
        }
    }

    private void Show(string html, bool isNew)
    {
        var bytes = Encoding.UTF8.GetBytes(html);
        lock (gate)
        {
            if (isNew)
            {
                foreach (var listener in shown)
                    listener.TryWrite(bytes);
            }
            foreach (var listener in newcomers)
                listener.TryWrite(bytes);
            shown.UnionWith(newcomers);
            newcomers.Clear();
        }
    }
}

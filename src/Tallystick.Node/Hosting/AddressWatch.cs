using System.Collections.Immutable;
using System.Net.NetworkInformation;
using Microsoft.Extensions.Logging;
using Tallystick.Node.Links;

namespace Tallystick.Node.Hosting;

/// <summary>Where this node can be dialled while networks come and go. Thread-safe.</summary>
internal sealed class AddressWatch : IDisposable
{
    private readonly NetworkPicture<ImmutableArray<string>> picture;
    private readonly Action moved;
    private readonly ILogger log;
    private readonly Lazy<ImmutableArray<string>> first;

    // Default until they are others than at first.
    private ImmutableArray<string> changed;

    /// <param name="look">Asks the system; it may throw.</param>
    /// <param name="reach">What stands as long as the system has not answered.</param>
    /// <param name="moved">Called when the addresses are others than before.</param>
    /// <param name="log">Where it is told that this has failed.</param>
    public AddressWatch(
        Func<ImmutableArray<string>> look, ImmutableArray<string> reach, Action moved, ILogger log)
    {
        (picture, this.moved, this.log) = (new NetworkPicture<ImmutableArray<string>>(look, reach), moved, log);
        first = new Lazy<ImmutableArray<string>>(picture.Look);
        NetworkChange.NetworkAddressChanged += OnChange;
    }

    /// <summary>The addresses as they were seen last; whoever asks first waits for the system.</summary>
    public ImmutableArray<string> Current => changed.IsDefault ? first.Value : changed;

    /// <summary>Looks again. Never throws: the system calls it on a thread where that would end the process.</summary>
    public void Look()
    {
        try
        {
            var before = Current;
            var now = picture.Look();
            if (now.SequenceEqual(before))
                return;
            changed = now;
            moved();
        }
        catch (Exception e)
        {
            log.LogError(e, "Peers could not be told of a new address");
        }
    }

    public void Dispose() => NetworkChange.NetworkAddressChanged -= OnChange;

    private void OnChange(object? sender, EventArgs e) => Look();
}

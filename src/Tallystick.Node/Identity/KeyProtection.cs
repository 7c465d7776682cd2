using Tallystick.Node.Hosting;

namespace Tallystick.Node.Identity;

/// <summary>The passphrase of the key file in a data folder, for the command that changes it.</summary>
public static class KeyProtection
{
    /// <summary>Replaces the passphrase, sets the first or removes the last. A running node goes on as it is.</summary>
    /// <param name="dataFolder">A node's data folder.</param>
    /// <param name="current">The passphrase that the file has, if it was given beforehand.</param>
    /// <param name="ask">Asks for it otherwise; null when there is nobody to ask.</param>
    /// <param name="fresh">Asked for the new one when the file is open; null for none.</param>
    /// <param name="cancel">Ends the asking.</param>
    /// <exception cref="CannotStartException">One sentence; the file is as it was.</exception>
    public static void Change(
        string dataFolder, Passphrase? current, Func<CancellationToken, Passphrase?>? ask, Func<Passphrase?> fresh,
        CancellationToken cancel)
    {
        if (!KeyFile.IsIn(dataFolder))
        {
            throw new CannotStartException(
                $"There is no key in {dataFolder}; name the node with --name or its folder with --data.");
        }
        KeyFile.Protect(dataFolder, new KeyAccess(current, ask), fresh, cancel);
    }
}
